package org.vmcore.oldmem;

import org.vmcore.memory.VmcoreException;

/**
 * Memory that counts its pages in a better way than from extent to extent: a bitmap may have an
 * extent for every other page.
 */
public interface CountedPages {
  /**
   * Adds the page frames from {@code address} on to {@code tally}.
   *
   * @param address a multiple of the page size
   * @param size the most bytes to count, a multiple of the page size
   * @param pageSize in bytes
   * @return the bytes that were counted, whole pages; 0 where extents must tell
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  long count(long address, long size, long pageSize, PageTally tally) throws VmcoreException;
}
