package org.vmcore.values;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Copies bytes between segments.
 *
 * <p>{@link MemorySegment#copy(MemorySegment, long, MemorySegment, long, long)} and {@link
 * MemorySegment#copyFrom} copy less than 64 bytes by a loop of eight at a time, of which the JIT of
 * JDK 25.0.3 makes wrong code where both heap and native segments pass through it, on x86_64 with
 * AVX2: after unswitching and unrolling the loop, it leaves every second store out. Copying by
 * layout has no such loop.
 */
public final class Bytes {
  private Bytes() {}

  /**
   * Copies {@code n} bytes, also where they overlap.
   *
   * @param from the offset in {@code source}, in bytes
   * @param to the offset in {@code target}, in bytes
   */
  public static void copy(MemorySegment source, long from, MemorySegment target, long to, long n) {
    MemorySegment.copy(source, JAVA_BYTE, from, target, JAVA_BYTE, to, n);
  }
}
