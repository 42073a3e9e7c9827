package org.vmcore.format.foreign;

import static org.vmcore.format.foreign.Signature.start;

import java.util.List;

/**
 * Images of disks, and file systems. Sources: QEMU's {@code block} folder; Linux' {@code magic.h}
 * and the file systems' superblocks.
 */
final class Disks {
  private static final String DISK =
      "a disk holds no memory: mount it (guestmount) and give the dump in its /var/crash";
  private static final String GUEST = DISK + "; for a guest's memory `virsh dump --memory-only`";
  private static final String FILE_SYSTEM = "mount it and give the dump that is in it";

  static final List<Signature> ALL =
      List.of(
          start("QFI\373", "a disk image (qcow2)", GUEST),
          start("QED\0", "a disk image (qed)", GUEST),
          start("KDMV", "a disk image (vmdk)", GUEST),
          start("COWD", "a disk image (vmdk)", GUEST),
          start("# Disk Descriptor", "a disk image's description (vmdk)", GUEST),
          start("vhdxfile", "a disk image (vhdx)", GUEST),
          start("conectix", "a disk image (vhd)", GUEST),
          new Signature(64, "\177\20\332\276", "a disk image (vdi)", GUEST),
          start("WithoutFreeSpace", "a disk image (parallels)", GUEST),
          start("WithouFreSpacExt", "a disk image (parallels)", GUEST),
          start("LUKS\272\276", "an encrypted disk (LUKS)", "unlock it: `cryptsetup open`"),
          new Signature(512, "EFI PART", "a disk or its image", DISK),
          new Signature(1080, "S\357", "an ext2, ext3 or ext4 file system", FILE_SYSTEM),
          start("XFSB", "an XFS file system", FILE_SYSTEM),
          new Signature(65_600, "_BHRfS_M", "a btrfs file system", FILE_SYSTEM),
          new Signature(32_769, "CD001", "an ISO 9660 file system", FILE_SYSTEM),
          new Signature(3, "NTFS    ", "an NTFS file system", FILE_SYSTEM),
          new Signature(536, "LVM2 001", "a physical volume of LVM", "mount the volumes on it"),
          new Signature(510, "U\252", "a disk or its image", DISK));

  private Disks() {}
}
