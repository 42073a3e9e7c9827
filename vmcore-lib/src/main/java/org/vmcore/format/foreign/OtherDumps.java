package org.vmcore.format.foreign;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.vmcore.format.foreign.Signature.start;
import static org.vmcore.format.foreign.Signature.u32;
import static org.vmcore.format.foreign.Signature.u64;

import java.util.List;

/**
 * Dumps of other formats, and of other systems. Sources: makedumpfile's {@code sadump_mod.h};
 * LKCD's {@code dump.h}; s390-tools' {@code df_s390.h}; Windows' {@code DUMP_HEADER64}; AVML's and
 * pmem's sources; libewf.
 */
final class OtherDumps {
  private static final String SADUMP =
      "`makedumpfile -c -d 31 -x vmlinux SADUMP FILE` makes a kdump file of it";
  private static final String ZGETDUMP =
      "`zgetdump -f elf S390DUMP > FILE` makes an ELF dump of it";
  private static final String LKCD = "lcrash reads it, and so do old versions of crash";
  private static final String WINDOWS = "it is no Linux kernel's; WinDbg reads it";
  private static final String OTHER_SYSTEM =
      "it is no Linux kernel's; that system's debugger reads it";
  private static final int SADUMP_BLOCK = 4096;

  static final List<Signature> ALL =
      List.of(
          start(
              "AVML",
              "AVML's compressed memory image",
              "`avml-convert FILE OUT` makes a LiME image of it"),
          start("sadump\0\0", "a dump by sadump", SADUMP),
          new Signature(SADUMP_BLOCK, "sadump\0\0", "a dump by sadump, from media", SADUMP),
          start("S390D", "a dump tool's boot record on a disk of s390", ZGETDUMP),
          start(u64(0xa819_0173_618f_23edL, BIG_ENDIAN), "a dump by LKCD", LKCD),
          start(u64(0xa819_0173_618f_23edL, LITTLE_ENDIAN), "a dump by LKCD", LKCD),
          start(u64(0xa819_0173_618f_23cdL, BIG_ENDIAN), "a live dump by LKCD", LKCD),
          start(u64(0xa819_0173_618f_23cdL, LITTLE_ENDIAN), "a live dump by LKCD", LKCD),
          start("PAGEDU64", "a crash dump of Windows (64 bits)", WINDOWS),
          start("PAGEDUMP", "a crash dump of Windows (32 bits)", WINDOWS),
          start("MDMP", "a minidump of a process", "it holds no kernel's memory"),
          start("hibr", "a hibernation file of Windows", WINDOWS),
          start("HIBR", "a hibernation file of Windows", WINDOWS),
          start("wake", "a hibernation file of Windows", WINDOWS),
          start("WAKE", "a hibernation file of Windows", WINDOWS),
          start("RSTR", "a hibernation file of Windows", WINDOWS),
          start("FreeBSD Kernel Dump", "a crash dump of FreeBSD", OTHER_SYSTEM),
          start("minidump FreeBSD/", "a crash dump of FreeBSD", OTHER_SYSTEM),
          start(u32(0xfeed_facf, LITTLE_ENDIAN), "a Mach-O file", OTHER_SYSTEM),
          start(u32(0xfeed_face, LITTLE_ENDIAN), "a Mach-O file", OTHER_SYSTEM),
          start(
              "EVF\t\r\n\377\0",
              "an EnCase image",
              "`ewfexport -f raw FILE` makes raw memory of it, for --ram-map"));

  private OtherDumps() {}
}
