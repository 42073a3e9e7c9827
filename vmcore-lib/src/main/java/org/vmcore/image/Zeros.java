package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import org.vmcore.values.Bytes;

/** Zeros to copy from. */
final class Zeros {
  private static final long SIZE = 1 << 16;
  private static final MemorySegment BYTES =
      MemorySegment.ofArray(new byte[(int) SIZE]).asReadOnly();

  private Zeros() {}

  /** Writes {@code n} zeros to {@code dst}, behind its first {@code at} bytes; gives {@code n}. */
  static long fill(MemorySegment dst, long at, long n) {
    for (long done = 0; done < n; done += SIZE) {
      Bytes.copy(BYTES, 0, dst, at + done, Math.min(SIZE, n - done));
    }
    return n;
  }
}
