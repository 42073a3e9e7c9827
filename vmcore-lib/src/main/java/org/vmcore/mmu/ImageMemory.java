package org.vmcore.mmu;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * A kernel's image by the place that VMCOREINFO tells of, up to the last symbol that it names: its
 * bytes are in a row in physical memory.
 */
final class ImageMemory implements Memory {
  private static final long ALIGNMENT = 2L << 20;

  /** No kernel's image is larger. */
  private static final long MAX_SIZE = 256L << 20;

  private static final String SYMBOL = "SYMBOL(";

  private final Memory physical;
  private final Extent image;
  private final long shift;

  private ImageMemory(Memory physical, long start, long size, long paddr) {
    this.physical = physical;
    this.image = new Extent(start, size, PageState.NOT_RAM);
    this.shift = start - paddr;
  }

  /** The image that {@code hints} tell of; empty when they don't. */
  static Optional<Memory> of(PagingHints hints) {
    OptionalLong text =
        hints.info().map(info -> info.symbol("_stext")).orElse(OptionalLong.empty());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    long start = text.getAsLong() & -ALIGNMENT;
    OptionalLong paddr = hints.inImage(start);
    long size = size(hints.info().get(), start);
    return start >= 0 || start > -MAX_SIZE || paddr.isEmpty()
        ? Optional.empty()
        : Optional.of(new ImageMemory(hints.physical(), start, size, paddr.getAsLong()));
  }

  /** Up to the last symbol, in whole 2 MiB: the kernel maps it in these. */
  private static long size(VmcoreInfo info, long start) {
    long last = 0;
    for (String key : info.values().keySet()) {
      if (key.startsWith(SYMBOL) && key.endsWith(")")) {
        String name = key.substring(SYMBOL.length(), key.length() - 1);
        long at = info.symbol(name).orElse(start) - start;
        last = at >= 0 && at < MAX_SIZE ? Math.max(last, at) : last;
      }
    }
    return (last + ALIGNMENT) & -ALIGNMENT;
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    if (!image.contains(address)) {
      return 0;
    }
    long size = Math.min(dst.byteSize(), image.sizeFrom(address));
    return physical.read(address - shift, dst.asSlice(0, size));
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    if (image.contains(address)) {
      Extent extent = physical.extentAt(address - shift).clip(image.start() - shift, image.size());
      return new Extent(extent.start() + shift, extent.size(), extent.state());
    }
    return Long.compareUnsigned(address, image.start()) < 0
        ? new Extent(0, image.start(), PageState.NOT_RAM)
        : new Extent(image.end(), -image.end(), PageState.NOT_RAM);
  }

  @Override
  public long blank(long address, long most) throws VmcoreException {
    if (!image.contains(address)) {
      return 0;
    }
    long left = image.sizeFrom(address);
    return physical.blank(address - shift, Long.compareUnsigned(left, most) < 0 ? left : most);
  }

  @Override
  public Optional<Finding> lossAt(long address) throws VmcoreException {
    return image.contains(address) ? physical.lossAt(address - shift) : Optional.empty();
  }
}
