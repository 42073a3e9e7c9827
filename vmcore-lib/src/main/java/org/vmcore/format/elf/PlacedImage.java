package org.vmcore.format.elf;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.search.KernelNames;
import org.vmcore.values.Hex;
import org.vmcore.values.PageSizes;

/**
 * The part of a kernel's image whose place in a file without program headers is certain.
 *
 * <p>The first PT_LOAD is the image (kexec-tools and the kernel put it there), and pages that were
 * left out only move what is behind them towards the file's start. So where {@code init_uts_ns}
 * stands just as far from the first byte as in memory, all between the two is there; where it
 * stands nearer, by whole pages, only its own page is certain.
 *
 * @param offset in the file
 * @param vaddr the kernel's virtual address
 * @param paddr the physical address
 * @param size in bytes
 * @param advice what more may be had, as the end of a sentence
 */
record PlacedImage(long offset, long vaddr, long paddr, long size, String advice) {
  /** Kernels are mapped by this. */
  private static final long ALIGNMENT = 2L << 20;

  /** No kernel's image is larger. */
  private static final long MAX_SIZE = 256L << 20;

  private static final String SYMBOL = "SYMBOL(";

  /**
   * What can be found.
   *
   * @param data where memory begins in {@code file}
   */
  static Optional<PlacedImage> find(ByteSource file, long data, VmcoreInfo info)
      throws VmcoreException {
    Optional<Architecture> architecture = Architectures.of(info);
    OptionalLong text = info.symbol("_stext");
    OptionalLong names = info.symbol("init_uts_ns");
    if (architecture.isEmpty() || text.isEmpty() || names.isEmpty()) {
      return Optional.empty();
    }
    long vaddr = text.getAsLong() & -ALIGNMENT;
    long distance = names.getAsLong() - vaddr;
    OptionalLong paddr = architecture.get().imagePaddr(info, vaddr);
    if (paddr.isEmpty() || distance < 0 || distance > MAX_SIZE) {
      return Optional.empty();
    }
    long page = info.pageSize().orElse(PageSizes.DEFAULT);
    page = PageSizes.isValid(page) ? page : PageSizes.DEFAULT;
    return find(file, data, info, vaddr, paddr.getAsLong(), distance, page);
  }

  private static Optional<PlacedImage> find(
      ByteSource file, long data, VmcoreInfo info, long vaddr, long paddr, long distance, long page)
      throws VmcoreException {
    long end = distance + KernelNames.SIZE + page - 1 & -page;
    if (KernelNames.isAt(file, data + distance, info)) {
      String more =
          "; if nothing was left out of the dump (-d 0), more is there: --ram-map "
              + Hex.of(paddr)
              + "-"
              + Hex.of(paddr + Math.max(end, lastSymbol(info, vaddr)) - 1)
              + "@"
              + Hex.of(data);
      return Optional.of(new PlacedImage(data, vaddr, paddr, end, more));
    }
    long first = distance & -page;
    for (long left = page; left <= first; left += page) {
      if (KernelNames.isAt(file, data + distance - left, info)) {
        long at = data + first - left;
        return Optional.of(new PlacedImage(at, vaddr + first, paddr + first, end - first, ""));
      }
    }
    return Optional.empty();
  }

  /** The distance from {@code vaddr} to the end of what VMCOREINFO names last, in whole 2 MiB. */
  private static long lastSymbol(VmcoreInfo info, long vaddr) {
    long last = 0;
    for (String key : info.values().keySet()) {
      if (key.startsWith(SYMBOL) && key.endsWith(")")) {
        String name = key.substring(SYMBOL.length(), key.length() - 1);
        long distance = info.symbol(name).orElse(vaddr) - vaddr;
        last = distance >= 0 && distance < MAX_SIZE ? Math.max(last, distance) : last;
      }
    }
    return last + ALIGNMENT & -ALIGNMENT;
  }
}
