package org.vmcore.output;

import java.lang.foreign.MemorySegment;
import org.vmcore.memory.VmcoreException;

/** What bytes are appended to: an {@link OutputFile}, or a part of one. One thread uses it. */
public sealed interface Appender permits OutputFile, Gathering {
  /** Puts bytes into a segment. */
  @FunctionalInterface
  interface Reader {
    /** Fills {@code dst} from its start on, and gives the number of bytes it put there. */
    long read(MemorySegment dst) throws VmcoreException;
  }

  /** Appends all bytes of a part, no more and no fewer. */
  @FunctionalInterface
  interface PartWriter {
    /** Appends {@code size} bytes to {@code part}. */
    void write(Appender part, long size) throws VmcoreException;
  }

  /**
   * Appends what {@code reader} gives when it is asked once, without a copy in between.
   *
   * @param most the most bytes that are wanted; fewer may be asked for
   * @return the bytes appended
   * @throws VmcoreException if the reader throws it, if the disk is full, or if the reader of a
   *     pipe is gone
   */
  long append(long most, Reader reader) throws VmcoreException;

  /** Appends {@code size} zeros: a hole where the target can have one. */
  void skip(long size) throws VmcoreException;

  /**
   * Lets {@code writer} append the next bytes, in a thread that is free for it and at any time
   * before the output is committed, while the caller goes on behind them.
   *
   * @param most the most bytes that it can append
   * @return how many it has to append; 0 where the caller should append the next ones itself
   * @throws VmcoreException as {@link #append} does, and if an earlier writer did
   */
  default long share(long most, PartWriter writer) throws VmcoreException {
    return 0;
  }
}
