package org.vmcore.remoteproc;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** Reads of a core as they were first written for the kernel, with the mistakes that were found. */
final class NaiveReads implements Memory {
  /** What is returned instead of the count copied. */
  enum Mistake {
    /** 0 when a segment couldn't be had, whatever was copied before. */
    ZERO_AFTER_A_PARTIAL_COPY,
    /** The count that was asked for, though less was left. */
    COUNT_ASKED_FOR
  }

  private final List<byte[]> parts;
  private final Mistake mistake;

  NaiveReads(List<byte[]> parts, Mistake mistake) {
    this.parts = parts;
    this.mistake = mistake;
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    ByteBuffer out = dst.asByteBuffer();
    long offset = address;
    for (byte[] part : parts) {
      if (offset >= part.length) {
        offset -= part.length;
        continue;
      }
      int count = (int) Math.min(out.remaining(), part.length - offset);
      out.put(part, (int) offset, count);
      offset = 0;
      if (!out.hasRemaining()) {
        return dst.byteSize();
      }
    }
    boolean isEnd = out.position() == 0;
    return isEnd || mistake == Mistake.ZERO_AFTER_A_PARTIAL_COPY ? 0 : dst.byteSize();
  }

  @Override
  public Extent extentAt(long address) {
    return new Extent(0, Long.MAX_VALUE, PageState.PRESENT);
  }
}
