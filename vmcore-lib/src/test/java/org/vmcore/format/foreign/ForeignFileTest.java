package org.vmcore.format.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.RamImage;
import org.vmcore.open.RamMap;

class ForeignFileTest {
  private static final int SIZE = 70_000;

  @TempDir Path folder;

  /** A file of {@code SIZE} bytes, zeros but for {@code magic}. */
  private Path file(long offset, byte... magic) throws IOException {
    byte[] bytes = new byte[SIZE];
    System.arraycopy(magic, 0, bytes, (int) offset, magic.length);
    return Files.write(folder.resolve("file"), bytes);
  }

  private Path text(String text) throws IOException {
    return Files.writeString(folder.resolve("file"), text);
  }

  private static void assertRefused(Path file, long offset, String what, String advice) {
    assertThatThrownBy(() -> Vmcore.open(file))
        .hasMessageStartingWith(
            file + ": offset 0x" + Long.toHexString(offset) + ": " + what + " can't be read: ")
        .hasMessageContaining(advice)
        .hasMessageNotContaining("ELF, kdump-compressed and LiME");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          LibvirtQemudSave, a guest saved by libvirt (virsh save; virsh dump), virsh dump --memory-only
          LibvirtQemudPart, a guest half saved by libvirt (virsh save), virsh dump --memory-only
          QEVM, QEMU's migration stream (virsh dump without --memory-only), dump-guest-memory
          Xen saved domain; xl format., a Xen guest saved by xl, xl sysrq
          LinuxGuestRecord, a Xen guest saved by xm, xl sysrq
          .VirtualBox SavedState V2.0., a guest saved by VirtualBox, debugvm
          VMA., a backup by Proxmox (vzdump), vma extract
          AVML, AVML's compressed memory image, avml-convert
          sadump.., a dump by sadump, makedumpfile
          PAGEDU64, a crash dump of Windows (64 bits), WinDbg
          PAGEDUMP, a crash dump of Windows (32 bits), WinDbg
          hibr, a hibernation file of Windows, WinDbg
          FreeBSD Kernel Dump, a crash dump of FreeBSD, debugger
          070701, a cpio archive (an initramfs?), cpio -i
          Rar!.., a rar archive, unrar x
          LZIP, an lzip file, lzip -d
          KDMV, a disk image (vmdk), virsh dump --memory-only
          vhdxfile, a disk image (vhdx), virsh dump --memory-only
          conectix, a disk image (vhd), virsh dump --memory-only
          XFSB, an XFS file system, mount it
          MZ, an EFI or Windows program, give the dump itself
          """)
  void toldByItsFirstBytes(String magic, String what, String advice) throws Exception {
    byte[] bytes = magic.replace(';', ',').getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = bytes[i] == '.' && !magic.contains("2.0") ? dot(magic, i) : bytes[i];
    }
    bytes[0] = magic.startsWith(".") ? 0x7f : bytes[0];

    assertRefused(file(0, bytes), 0, what.replace(';', ','), advice);
  }

  /** What the dot at {@code i} of a magic stands for. */
  private static byte dot(String magic, int i) {
    return (byte)
        switch (magic.charAt(0)) {
          case 'X' -> '\n';
          case 'R' -> i == 4 ? 0x1a : 7;
          default -> 0;
        };
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          0, d0 be d0 be, a guest's state by VMware (vmss; vmsn), vmss2core
          0, d0 be d2 be, a guest's state by VMware (vmss; vmsn), vmss2core
          0, d1 ba d1 ba, a guest's state by VMware (vmss; vmsn), vmss2core
          0, d2 be d2 be, a guest's state by VMware (vmss; vmsn), vmss2core
          0, d3 be d3 be, a guest's state by VMware (vmss; vmsn), vmss2core
          0, a8 19 01 73 61 8f 23 ed, a dump by LKCD, lcrash
          0, ed 23 8f 61 73 01 19 a8, a dump by LKCD, lcrash
          0, 53 33 39 30 44, a dump tool's boot record on a disk of s390, zgetdump
          0, 50 4b 03 04, a zip archive, unzip
          0, 37 7a bc af 27 1c, a 7z archive, 7z x
          0, 51 46 49 fb, a disk image (qcow2), virsh dump --memory-only
          0, 89 4c 5a 4f 00 0d 0a 1a 0a, an lzop file, lzop -d
          0, ed ab ee db, an RPM package, rpm2cpio
          0, d0 0d fe ed, a device tree, --dtb
          38, 41 52 4d 64, a kernel's boot image (arm64), give the dump itself
          38, 52 53 43 05, a kernel's boot image (riscv), give the dump itself
          24, 18 28 6f 01, a kernel's boot image (arm zImage), give the dump itself
          40, 7f 10 da be, a disk image (vdi), virsh dump --memory-only
          101, 75 73 74 61 72, a tar archive, tar -xSf
          1fe, 55 aa, a disk or its image, mount it
          200, 45 46 49 20 50 41 52 54, a disk or its image, mount it
          202, 48 64 72 53, a kernel's boot image (bzImage; vmlinuz), give the dump itself
          438, 53 ef, an ext2; ext3 or ext4 file system, mount it
          1000, 73 61 64 75 6d 70 00 00, a dump by sadump; from media, makedumpfile
          ff6, 53 31 53 55 53 50 45 4e 44, a hibernated system (swap space), kdump
          fff6, 4c 49 4e 48 49 42 30 30 30 31, a hibernated system (swap space), kdump
          ff6, ed c3 02 e9 98 56 e5 0c, a hibernated system (swap space), kdump
          1ff6, 53 57 41 50 53 50 41 43 45 32, swap space, kdump
          8001, 43 44 30 30 31, an ISO 9660 file system, mount it
          """)
  void toldByBytesAtItsPlace(String offset, String magic, String what, String advice)
      throws Exception {
    long at = Long.parseLong(offset, 16);

    assertRefused(
        file(at, HexFormat.ofDelimiter(" ").parseHex(magic)), at, what.replace(';', ','), advice);
  }

  @Test
  void textsBesideADump() throws Exception {
    assertRefused(
        text("ffffffff81000000 T _text\nffffffff81000000 T _stext\n"),
        0,
        "a System.map",
        "--system-map");
    assertRefused(text("c0008000 T _text\n"), 0, "a System.map", "--system-map");
    assertRefused(text("00000000-00000fff : Reserved\n"), 0, "a /proc/iomem", "vmcore prepare");
    assertRefused(
        text("OSRELEASE=6.1.0\nPAGESIZE=4096\n"), 0, "the text of a VMCOREINFO", "the dump beside");
    assertRefused(
        text("[    0.000000] Linux version 6.1.0\n"),
        0,
        "the text of a kernel's log (vmcore-dmesg.txt)",
        "the dump beside");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"no dump", "00000000-0000", "c0008000", "c0008000 T", "[", " ", "deadbeef"})
  void anyOtherTextIsUnknown(String text) throws Exception {
    Path file = text(text);

    assertThatThrownBy(() -> Vmcore.open(file))
        .hasMessageContaining("not a dump of a known format");
  }

  @Test
  void asRamWithoutAnElfcorehdrItIsNamedToo() throws Exception {
    Path file = file(0, "QFI\u00fb".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> Vmcore.open(RamImage.of(file), OpenOptions.DEFAULT))
        .hasMessageContaining("offset 0x0: a disk image (qcow2) can't be read");
  }

  @Test
  void rawMemoryMayBeginAsItLikes() throws Exception {
    Path file = file(0, "QEVM".getBytes(StandardCharsets.US_ASCII));
    OpenOptions options = OpenOptions.builder().ramMap(RamMap.identity(SIZE)).build();

    try (Vmcore vmcore = Vmcore.open(file, options)) {
      assertThat(vmcore.format()).isEqualTo("raw");
    }
  }
}
