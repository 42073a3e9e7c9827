package org.vmcore.format.foreign;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.vmcore.format.foreign.Signature.start;
import static org.vmcore.format.foreign.Signature.u32;

import java.util.List;

/**
 * Files that lie beside a kernel or are loaded with it. Sources: Linux'
 * Documentation/arch/{x86/boot,arm64/booting,riscv/boot-image-header,arm/booting}.rst and {@code
 * drivers/firmware/efi/libstub/zboot-header.S}; U-Boot's {@code image.h}; the devicetree
 * specification.
 */
final class KernelFiles {
  private static final String DUMP = "give the dump itself, such as /var/crash/…/vmcore";
  private static final String IMAGE = "a kernel's boot image";

  static final List<Signature> ALL =
      List.of(
          new Signature(0x202, "HdrS", "a kernel's boot image (bzImage, vmlinuz)", DUMP),
          new Signature(56, "ARMd", IMAGE + " (arm64)", DUMP),
          new Signature(56, "RSC\5", IMAGE + " (riscv)", DUMP),
          new Signature(0x24, u32(0x016f_2818, LITTLE_ENDIAN), IMAGE + " (arm zImage)", DUMP),
          new Signature(4, "zimg", IMAGE + " (EFI zboot)", DUMP),
          start(u32(0x2705_1956, BIG_ENDIAN), "a boot image of U-Boot (uImage)", DUMP),
          start("MZ", "an EFI or Windows program", DUMP),
          start(
              u32(0xd00d_feed, BIG_ENDIAN),
              "a device tree",
              "it goes with the RAM of its machine: --oldmem RAM --dtb FILE"),
          start("\u009f\u00eb\1\0", "type information (BTF) of a kernel", DUMP),
          start("\353\u009f\1\0", "type information (BTF) of a kernel", DUMP),
          start("PERFILE2", "a recording by perf", DUMP));

  private KernelFiles() {}
}
