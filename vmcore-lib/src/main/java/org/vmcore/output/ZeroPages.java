package org.vmcore.output;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Finds zeros: long runs in what is to be written, so that they need not be copied, and single
 * pages in the copy.
 */
final class ZeroPages {
  /** Bytes of the smallest hole a file system makes. */
  static final int SIZE = 4096;

  /** Bytes a long run is counted in. */
  static final int RUN = 1 << 16;

  private static final MemorySegment ZEROS = Arena.global().allocate(SIZE, SIZE);

  private ZeroPages() {}

  /** Bytes of zeros at {@code from}, in whole {@link #RUN}s; plain reads, safe on mapped memory. */
  static long run(MemorySegment source, long from) {
    long at = from;
    while (source.byteSize() - at >= RUN && isZeroRun(source, at)) {
      at += RUN;
    }
    return at - from;
  }

  private static boolean isZeroRun(MemorySegment source, long from) {
    for (long at = from; at < from + RUN; at += 8) {
      if (source.get(ValueLayout.JAVA_LONG_UNALIGNED, at) != 0) {
        return false;
      }
    }
    return true;
  }

  /** End of the zero pages at {@code from} (a page boundary); the last page may be a part. */
  static int endOfZeros(MemorySegment block, int from, int to) {
    int at = from;
    while (at < to && isZero(block, at, Math.min(SIZE, to - at))) {
      at += SIZE;
    }
    return Math.min(at, to);
  }

  /** End of the pages at {@code from} that are not zero. */
  static int endOfData(MemorySegment block, int from, int to) {
    int at = from;
    while (at < to && !isZero(block, at, Math.min(SIZE, to - at))) {
      at += SIZE;
    }
    return Math.min(at, to);
  }

  /** Only for memory no file is mapped to: the intrinsic would kill the JVM at a truncated one. */
  private static boolean isZero(MemorySegment block, int at, int size) {
    return block.get(ValueLayout.JAVA_BYTE, at) == 0
        && MemorySegment.mismatch(block, at, at + size, ZEROS, 0, size) < 0;
  }
}
