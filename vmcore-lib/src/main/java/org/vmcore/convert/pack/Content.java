package org.vmcore.convert.pack;

import java.lang.foreign.MemorySegment;
import org.vmcore.memory.VmcoreException;

/** The bytes of a file that is written, before they are packed: at any position, in any order. */
public interface Content {
  /** How many bytes there are. */
  long size();

  /**
   * Fills {@code dst} with the bytes from {@code offset} on; several threads do it at once.
   *
   * @param offset such that all of {@code dst} lies below {@link #size}
   * @param dst on the heap or native
   * @throws VmcoreException when they can't be had
   */
  void read(long offset, MemorySegment dst) throws VmcoreException;
}
