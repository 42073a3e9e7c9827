package org.vmcore.testing;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes zstd files with a seek table, frame by frame. */
public final class SeekableZstd {
  /** Bytes behind the entries. */
  public static final int FOOTER_SIZE = 9;

  private static final int LEVEL = 3;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<int[]> entries = new ArrayList<>();
  private int descriptor;

  /** {@code bytes} in frames of at most {@code most} bytes. */
  public static byte[] of(byte[] bytes, int most) {
    SeekableZstd file = new SeekableZstd();
    for (int at = 0; at < bytes.length; at += most) {
      file.frame(Arrays.copyOfRange(bytes, at, Math.min(at + most, bytes.length)));
    }
    return file.end();
  }

  /** Adds a frame. */
  public SeekableZstd frame(byte... bytes) {
    return raw(Zstd.compress(bytes, LEVEL), bytes.length, 0);
  }

  /** Adds a frame with a checksum of its own in the table; it is the same for all frames. */
  public SeekableZstd checked(int checksum, byte... bytes) {
    descriptor = 0x80;
    return raw(Zstd.compress(bytes, LEVEL), bytes.length, checksum);
  }

  /** Adds a frame that is packed already. */
  public SeekableZstd raw(byte[] packed, int size, int checksum) {
    out.writeBytes(packed);
    return entry(packed.length, size, checksum);
  }

  /** Adds an entry of the table only. */
  public SeekableZstd entry(int packed, int size, int checksum) {
    entries.add(new int[] {packed, size, checksum});
    return this;
  }

  /** The frames. */
  public byte[] frames() {
    return out.toByteArray();
  }

  /** The frames and the table. */
  public byte[] end() {
    int entry = descriptor == 0 ? 8 : 12;
    int size = entries.size() * entry + FOOTER_SIZE;
    ByteBuffer table = ByteBuffer.allocate(8 + size).order(ByteOrder.LITTLE_ENDIAN);
    table.putInt(0x184D2A5E).putInt(size);
    for (int[] each : entries) {
      table.putInt(each[0]).putInt(each[1]);
      if (descriptor != 0) {
        table.putInt(each[2]);
      }
    }
    table.putInt(entries.size()).put((byte) descriptor).putInt(0x8F92EAB1);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(frames());
    all.writeBytes(table.array());
    return all.toByteArray();
  }
}
