package org.vmcore.convert.pack;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/**
 * The seek table of a zstd file whose frames, but for the last, all have the same size: a skippable
 * frame of entries {compressed size, decompressed size} and a footer {number of frames, descriptor,
 * magic}, little-endian. It has no checksums: the frames have their own.
 */
final class SeekTable {
  private static final int HEADER_MAGIC = 0x184d_2a5e;
  private static final int FOOTER_MAGIC = 0x8f92_eab1;
  private static final int HEADER_SIZE = 8;
  private static final int ENTRY_SIZE = 8;
  private static final int FOOTER_SIZE = 9;

  /** Entries that are written at once. */
  private static final int BATCH = 1 << 13;

  private final long size;
  private final int frameSize;
  private int[] packed = new int[64];
  private int count;

  /** The table of {@code size} bytes in frames of {@code frameSize}; none of them is there yet. */
  SeekTable(long size, int frameSize) {
    this.size = size;
    this.frameSize = frameSize;
  }

  int frameSize() {
    return frameSize;
  }

  /** The bytes of frame {@code number}. */
  int sizeOf(long number) {
    return (int) Math.min(frameSize, size - number * frameSize);
  }

  /** Adds a frame. */
  void add(long packedSize) {
    if (count == packed.length) {
      packed = Arrays.copyOf(packed, 2 * count);
    }
    packed[count++] = (int) packedSize;
  }

  void writeTo(OutputFile out) throws VmcoreException {
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_SIZE + BATCH * ENTRY_SIZE + FOOTER_SIZE);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(HEADER_MAGIC).putInt(count * ENTRY_SIZE + FOOTER_SIZE);
    for (int i = 0; i < count; i++) {
      bytes.putInt(packed[i]).putInt(sizeOf(i));
      if (i % BATCH == BATCH - 1) {
        out.write(bytes.flip());
        bytes.clear();
      }
    }
    bytes.putInt(count).put((byte) 0).putInt(FOOTER_MAGIC);
    out.write(bytes.flip());
  }
}
