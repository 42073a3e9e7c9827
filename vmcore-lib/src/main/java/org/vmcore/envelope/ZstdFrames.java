package org.vmcore.envelope;

import java.util.Arrays;
import org.vmcore.values.Ascending;

/**
 * The frames of a zstd file that can be unpacked one by one: where each of them lies, and where its
 * bytes belong.
 */
final class ZstdFrames {
  /** The most bytes of a frame: it is unpacked as a whole, in memory. */
  static final long MOST = 64L << 20;

  /** The most packed bytes of one: what can't be compressed grows a little. */
  static final long MOST_PACKED = MOST + (1 << 20);

  private final boolean withChecksum;
  private int count;
  private long[] packedStart = new long[16];
  private int[] packedSize = new int[16];
  private int[] checksum = new int[16];

  /** By frame: where its bytes begin; one more at the end. */
  private long[] start = new long[17];

  /** No frames as yet, each with a checksum or none. */
  ZstdFrames(boolean withChecksum) {
    this.withChecksum = withChecksum;
  }

  /** Whether a frame isn't too large to be unpacked in memory. */
  static boolean fits(long packed, long size) {
    return size >= 0 && size <= MOST && packed >= 0 && packed <= MOST_PACKED;
  }

  /**
   * Adds a frame that {@link #fits}. One without bytes is passed over.
   *
   * @param xxh64 the lowest four bytes of its bytes' checksum
   */
  void add(long at, long packed, long size, int xxh64) {
    if (size == 0) {
      return;
    }
    if (count == packedStart.length) {
      int length = count + (count >> 1);
      packedStart = Arrays.copyOf(packedStart, length);
      packedSize = Arrays.copyOf(packedSize, length);
      checksum = withChecksum ? Arrays.copyOf(checksum, length) : checksum;
      start = Arrays.copyOf(start, length + 1);
    }
    packedStart[count] = at;
    packedSize[count] = (int) packed;
    if (withChecksum) {
      checksum[count] = xxh64;
    }
    count++;
    start[count] = start[count - 1] + size;
  }

  int count() {
    return count;
  }

  /** All bytes of all frames. */
  long size() {
    return start[count];
  }

  /** Where frame {@code i}'s first byte belongs. */
  long start(int i) {
    return start[i];
  }

  int size(int i) {
    return (int) (start[i + 1] - start[i]);
  }

  /** The file offset of frame {@code i}. */
  long packedStart(int i) {
    return packedStart[i];
  }

  int packedSize(int i) {
    return packedSize[i];
  }

  /** Whether frame {@code i} may have the checksum {@code xxh64}. */
  boolean hasChecksum(int i, long xxh64) {
    return checksum[i] == (int) xxh64;
  }

  /** Whether there are checksums beside those inside of frames. */
  boolean withChecksum() {
    return withChecksum;
  }

  /** The frame that holds the byte at {@code position}, which is one of {@link #size}. */
  int indexOf(long position) {
    return Ascending.floor(start, count, position);
  }
}
