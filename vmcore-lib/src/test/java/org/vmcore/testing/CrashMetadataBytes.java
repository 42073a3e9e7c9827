package org.vmcore.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A struct tmc_crash_metadata by hand, little-endian.
 *
 * <pre>{@code
 * byte[] bytes = new CrashMetadataBytes(0x9000, buffer).full(0x100).build();
 * }</pre>
 */
public final class CrashMetadataBytes {
  /** Where the trace's buffer is for the device. */
  public static final long DBA = 0x8_0000_0000L;

  private static final int SIZE = 96;

  private final ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

  /** Valid metadata of {@code buffer}, which lies at {@code paddr}, with no trace in it. */
  public CrashMetadataBytes(long paddr, byte[] buffer) {
    bytes.putInt(4, crc(buffer, 0)).putInt(8, 1 << 16).putInt(12, 1);
    bytes.putInt(16, buffer.length / 4).putInt(24, 3).putInt(28, 0x133).putInt(32, 2);
    bytes.putLong(40, DBA).putLong(48, DBA).putLong(56, DBA).putLong(64, paddr);
  }

  /** The trace has wrapped; its oldest byte is here in the buffer. */
  public CrashMetadataBytes full(long start) {
    bytes.putInt(20, 1);
    return trace(start, start);
  }

  /** The trace begins and ends here in the buffer. */
  public CrashMetadataBytes trace(long start, long end) {
    bytes.putLong(40, DBA + start).putLong(48, DBA + end);
    return this;
  }

  /** A 32-bit field, at its offset; the CRC follows it. */
  public CrashMetadataBytes u32(int offset, int value) {
    bytes.putInt(offset, value);
    return this;
  }

  /** The structure with its CRC. */
  public byte[] build() {
    bytes.putInt(0, crc(bytes.array(), 4));
    return bytes.array().clone();
  }

  /** The structure as the kernel makes it invalid: the CRC stays. */
  public byte[] invalidated() {
    byte[] invalid = build();
    invalid[12] = 0;
    return invalid;
  }

  /** The kernel's crc32_le(0, …), bit by bit. */
  private static int crc(byte[] data, int from) {
    int crc = 0;
    for (int i = from; i < data.length; i++) {
      crc ^= data[i] & 0xff;
      for (int bit = 0; bit < Byte.SIZE; bit++) {
        crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : 0xedb8_8320);
      }
    }
    return crc;
  }
}
