package org.vmcore.arch;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.AddressRange;

/**
 * Where a kernel's image is, as far as VMCOREINFO and {@code /proc/iomem} tell.
 *
 * <p>Sources: {@code __phys_addr} of arch/x86/mm/physaddr.c; {@code __kimage_to_phys} of arm64's
 * asm/memory.h, and its image, which begins at a multiple of 2 MiB, _stext lying a little behind.
 */
public final class KernelImage {
  /** __START_KERNEL_map: where x86_64's image lies from, wherever KASLR puts it. */
  public static final long X86_KERNEL_MAP = 0xffff_ffff_8000_0000L;

  /** KERNEL_IMAGE_SIZE: how many bytes x86_64 has for the image with KASLR. */
  public static final long X86_SIZE = 1L << 30;

  private static final long ARM64_ALIGNMENT = 2L << 20;

  private KernelImage() {}

  /** Where {@code architecture}'s image lies, wherever KASLR puts it; empty where that is open. */
  public static Optional<AddressRange> space(Architecture architecture) {
    return switch (architecture) {
      case X86_64 -> Optional.of(AddressRange.ofSize(X86_KERNEL_MAP, X86_SIZE));
      case ARM64 -> Optional.empty();
    };
  }

  /** The virtual address of {@code _text}. */
  public static OptionalLong vaddr(Architecture architecture, VmcoreInfo info) {
    OptionalLong stext = info.symbol("_stext");
    if (stext.isEmpty() || architecture == Architecture.X86_64) {
      return stext;
    }
    return OptionalLong.of(stext.getAsLong() & -ARM64_ALIGNMENT);
  }

  /** The physical address of {@code _text}, which is at {@code vaddr}. */
  public static OptionalLong paddr(Architecture architecture, VmcoreInfo info, long vaddr) {
    return switch (architecture) {
      case X86_64 -> plus(info.number("phys_base"), vaddr - X86_KERNEL_MAP);
      case ARM64 -> minus(vaddr, info.number("kimage_voffset"));
    };
  }

  private static OptionalLong plus(OptionalLong base, long offset) {
    return base.isEmpty() ? base : OptionalLong.of(base.getAsLong() + offset);
  }

  private static OptionalLong minus(long vaddr, OptionalLong offset) {
    return offset.isEmpty() ? offset : OptionalLong.of(vaddr - offset.getAsLong());
  }
}
