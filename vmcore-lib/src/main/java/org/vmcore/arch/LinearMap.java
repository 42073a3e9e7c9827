package org.vmcore.arch;

/**
 * Kernel virtual addresses in a row that are mapped to physical ones in a row, whatever the page
 * tables hold: the direct map, the kernel's image, or what else is known to be in a row.
 *
 * @param name {@link #DIRECT}, {@link #IMAGE}, or another one
 * @param vaddr where it begins: virtual
 * @param paddr where that is mapped: physical; modulo 2^64
 * @param size in bytes; physical memory may end before
 */
public record LinearMap(String name, long vaddr, long paddr, long size) {
  /** The name of the direct map. */
  public static final String DIRECT = "direct map";

  /** The name of the kernel's image. */
  public static final String IMAGE = "kernel image";

  /** The direct map from virtual {@code start} up to {@code end}. */
  public static LinearMap direct(long start, long end, long paddr) {
    return new LinearMap(DIRECT, start, paddr, size(start, end));
  }

  /** The image from virtual {@code start} up to {@code end}. */
  public static LinearMap image(long start, long end, long paddr) {
    return new LinearMap(IMAGE, start, paddr, size(start, end));
  }

  /** What would pass 2^64 ends there. */
  private static long size(long start, long end) {
    return Long.compareUnsigned(end, start) < 0 ? -start : end - start;
  }

  /** Whether {@code address}, a virtual one, lies in it. */
  public boolean contains(long address) {
    return Long.compareUnsigned(address - vaddr, size) < 0;
  }

  /** The physical address of {@code address}, which lies in it. */
  public long physical(long address) {
    return address - vaddr + paddr;
  }

  /** Whether it maps {@code physical}. */
  public boolean maps(long physical) {
    return Long.compareUnsigned(physical - paddr, size) < 0;
  }

  /** The virtual address of {@code physical}, which it maps. */
  public long virtual(long physical) {
    return physical - paddr + vaddr;
  }
}
