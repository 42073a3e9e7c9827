package org.vmcore.arch.paging;

import java.nio.ByteOrder;

/**
 * Page tables of kernels of 32 bits: a root resolves all 4 GiB, of which the highest addresses are
 * the kernel's.
 */
abstract class Paging32 extends Paging {
  private static final Reach ALL = Reach.low(Integer.SIZE);

  private final long kernelStart;

  /**
   * @param order of the entries
   * @param kernelStart from which virtual address on they are the kernel's
   */
  Paging32(TableShape shape, ByteOrder order, long kernelStart) {
    super(shape, order);
    this.kernelStart = kernelStart;
  }

  @Override
  public final Reach kernelReach() {
    return ALL;
  }

  @Override
  public final Reach taskReach() {
    return ALL;
  }

  @Override
  public final boolean isKernel(long address) {
    return address >= kernelStart;
  }
}
