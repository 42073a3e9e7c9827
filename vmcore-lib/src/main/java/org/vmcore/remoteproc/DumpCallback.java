package org.vmcore.remoteproc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Copies the bytes of a segment that can't be read by its device address: the {@code dump} of
 * {@code struct rproc_dump_segment}. Several threads may call it at once.
 *
 * <p>The kernel's returns nothing and is believed to have filled all of the buffer. This one says
 * how much it copied, so that nothing it didn't copy is ever given to a reader.
 */
@FunctionalInterface
public interface DumpCallback {
  /**
   * Copies bytes of {@code segment}, from {@code offset} bytes behind its start on, into {@code
   * dst}, which never goes beyond the segment's end.
   *
   * @return the bytes copied: at least one. If it isn't all of {@code dst}, the rest is asked for
   *     again; 0, or more than {@code dst} holds, fails the read.
   * @throws IOException when the first of them can't be had
   */
  long copy(DumpSegment segment, long offset, MemorySegment dst) throws IOException;
}
