package org.vmcore.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes flattened files, record by record. */
public final class Flattened {
  /** Where the first record begins. */
  public static final int HEADER_SIZE = 4096;

  /** Bytes of a record's header. */
  public static final int RECORD_HEADER_SIZE = 16;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A file of type and version 1 without a record. */
  public Flattened() {
    this(1, 1);
  }

  /** A file without a record. */
  public Flattened(long type, long version) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_SIZE);
    header.put("makedumpfile".getBytes(StandardCharsets.US_ASCII));
    header.putLong(16, type).putLong(24, version);
    out.writeBytes(header.array());
  }

  /** {@code bytes} in records of at most {@code most} bytes, in ascending order. */
  public static byte[] of(byte[] bytes, int most) {
    Flattened file = new Flattened();
    for (int at = 0; at < bytes.length; at += most) {
      file.record(at, Arrays.copyOfRange(bytes, at, Math.min(at + most, bytes.length)));
    }
    return file.end();
  }

  /** Adds a record that writes {@code bytes} at {@code offset}. */
  public Flattened record(long offset, byte... bytes) {
    return header(offset, bytes.length).raw(bytes);
  }

  /** Adds the header of a record. */
  public Flattened header(long offset, long size) {
    return raw(ByteBuffer.allocate(RECORD_HEADER_SIZE).putLong(offset).putLong(size).array());
  }

  /** Adds bytes as they are. */
  public Flattened raw(byte... bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** The file so far. */
  public byte[] cut() {
    return out.toByteArray();
  }

  /** The file with its end record. */
  public byte[] end() {
    return header(-1, -1).cut();
  }
}
