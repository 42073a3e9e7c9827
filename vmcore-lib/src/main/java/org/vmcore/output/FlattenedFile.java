package org.vmcore.output;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.vmcore.memory.VmcoreException;

/**
 * An output in makedumpfile's flattened form: a header of 4096 bytes, then for each piece where it
 * belongs, its size and its bytes, in the order in which they are written; at the end a record of
 * −1 and −1. All numbers are big-endian (makedumpfile's {@code makedumpfile.h}, struct
 * makedumpfile_header and makedumpfile_data_header).
 */
final class FlattenedFile implements PlacedOutput {
  private static final int HEADER_SIZE = 4096;
  private static final int RECORD_SIZE = 2 * Long.BYTES;
  private static final long TYPE = 1;
  private static final long VERSION = 1;
  private static final long END = -1;

  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final OutputFile out;
  private final MemorySegment record = MemorySegment.ofArray(new byte[RECORD_SIZE]);

  private FlattenedFile(OutputFile out) {
    this.out = out;
  }

  static FlattenedFile create(Path target, OutputFile.Options options) throws VmcoreException {
    OutputFile out = OutputFile.create(target, options);
    boolean made = false;
    try {
      FlattenedFile flattened = new FlattenedFile(out);
      out.write(header());
      made = true;
      return flattened;
    } finally {
      if (!made) {
        out.close();
      }
    }
  }

  static long size(long records) {
    return HEADER_SIZE + (records + 1) * RECORD_SIZE;
  }

  private static MemorySegment header() {
    MemorySegment header = MemorySegment.ofArray(new byte[HEADER_SIZE]);
    byte[] signature = "makedumpfile".getBytes(StandardCharsets.US_ASCII);
    MemorySegment.copy(signature, 0, header, ValueLayout.JAVA_BYTE, 0, signature.length);
    header.set(U64, 16, TYPE);
    header.set(U64, 24, VERSION);
    return header;
  }

  @Override
  public void write(MemorySegment bytes, long position) throws VmcoreException {
    if (bytes.byteSize() > 0) {
      record(position, bytes.byteSize());
      out.write(bytes);
    }
  }

  private void record(long position, long length) throws VmcoreException {
    record.set(U64, 0, position);
    record.set(U64, Long.BYTES, length);
    out.write(record);
  }

  /** Some readers take what no record has for damage. */
  @Override
  public boolean isSparse() {
    return false;
  }

  @Override
  public void requireRoom(long bytes, String what) throws VmcoreException {
    out.requireRoom(bytes, what);
  }

  @Override
  public long size() {
    return out.position();
  }

  @Override
  public void complete() throws VmcoreException {
    record(END, END);
  }

  @Override
  public void rename() throws VmcoreException {
    out.commit();
  }

  @Override
  public void takeBack() {
    out.takeBack();
  }

  @Override
  public void close() {
    out.close();
  }

  @Override
  public String toString() {
    return "FlattenedFile[" + out + "]";
  }
}
