package org.vmcore.remoteproc;

import org.vmcore.memory.VmcoreException;

/**
 * Is told what the kernel writes into its log, or doesn't tell at all. Called in the thread that
 * reads or makes the dump, by several at once.
 */
public interface CoredumpListener {
  /** Hears nothing. */
  CoredumpListener NONE = new CoredumpListener() {};

  /**
   * Bytes without a mapping were given as 0xff, for nothing in the file tells them from memory that
   * holds 0xff. Told for each piece that is read, as the kernel logs it.
   *
   * @param offset of the piece in the segment, in bytes
   * @param size of the piece in bytes
   */
  default void unmapped(DumpSegment segment, long offset, long size) {}

  /** Bytes couldn't be had; the reader is told at once, or by its next read. */
  default void failed(DumpSegment segment, VmcoreException why) {}

  /**
   * No dump was made of a crash, though the mode asks for one: the one before it is still there, or
   * memory for the copy isn't. The kernel says nothing then.
   */
  default void dropped(String device, String why) {}
}
