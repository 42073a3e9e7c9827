package org.vmcore.envelope;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * The records of a flattened file, in the order in which they were written.
 *
 * <p>A flattened file is a header of 4096 bytes {signature, type, version}, then records {offset,
 * size, size bytes}, the numbers big-endian, and as the end a record of offset and size -1
 * (makedumpfile's {@code struct makedumpfile_header} and {@code makedumpfile_data_header}). Only
 * the records' headers are read here: all the index needs is one hop after the other.
 */
final class FlattenedRecords {
  /** What a flattened file begins with. */
  static final byte[] SIGNATURE = "makedumpfile\0".getBytes(StandardCharsets.US_ASCII);

  private static final int HEADER_SIZE = 4096;
  private static final int TYPE = 16;
  private static final int VERSION = 24;
  private static final int RECORD_HEADER_SIZE = 16;
  private static final long END = -1;

  /** More than the memory of any machine: an offset behind it is damage. */
  private static final long LARGEST_FILE = 1L << 56;

  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final ByteSource file;
  private final List<Finding> findings;
  private final Records records = new Records();
  private boolean isWhole;

  private FlattenedRecords(ByteSource file, List<Finding> findings) {
    this.file = file;
    this.findings = findings;
  }

  /**
   * Reads {@code file} up to its end record, or to the last whole record before it is cut short or
   * damaged.
   *
   * @throws VmcoreException when the header is not of a version that is known, or there is no whole
   *     record
   */
  static FlattenedRecords read(ByteSource file, List<Finding> findings) throws VmcoreException {
    FlattenedRecords read = new FlattenedRecords(file, findings);
    read.header();
    read.walk();
    return read;
  }

  /** At least one. */
  Records records() {
    return records;
  }

  /** Whether the end record was reached. */
  boolean isWhole() {
    return isWhole;
  }

  private void header() throws VmcoreException {
    byte[] header = new byte[VERSION + Long.BYTES];
    long got = file.read(0, MemorySegment.ofArray(header));
    if (got < header.length || file.available(0, HEADER_SIZE) < HEADER_SIZE) {
      throw VmcoreException.at(file.name(), file.size(), "flattened: the file ends in its header");
    }
    Cursor in = Cursor.of(file.name(), 0, MemorySegment.ofArray(header), ByteOrder.BIG_ENDIAN);
    in.skip(TYPE, "signature");
    require("type", TYPE, in.u64("type"));
    require("version", VERSION, in.u64("version"));
  }

  private void require(String field, long at, long value) throws VmcoreException {
    if (value != 1) {
      throw VmcoreException.at(
          file.name(),
          at,
          "flattened: " + field + " is " + Long.toUnsignedString(value) + ", not 1");
    }
  }

  private void walk() throws VmcoreException {
    MemorySegment header = MemorySegment.ofArray(new byte[RECORD_HEADER_SIZE]);
    for (long at = HEADER_SIZE; ; ) {
      long got = file.read(at, header);
      if (got < RECORD_HEADER_SIZE) {
        damaged(at, got == 0 ? "it ends without the end record" : "it ends in a record's header");
        return;
      }
      long offset = header.get(U64, 0);
      long size = header.get(U64, Long.BYTES);
      if (offset == END && size == END) {
        end(at);
        return;
      }
      if (offset < 0 || size < 0 || size > LARGEST_FILE - offset) {
        damaged(at, "no record: offset " + Hex.of(offset) + ", size " + Hex.of(size));
        return;
      }
      long data = at + RECORD_HEADER_SIZE;
      long there = file.available(data, size);
      if (there < size) {
        damaged(at, "it ends in a record: " + there + " of its " + size + " bytes are there");
        return;
      }
      if (size > 0) {
        records.add(offset, data, size);
      }
      at = data + size;
    }
  }

  private void end(long at) throws VmcoreException {
    if (records.count() == 0) {
      throw VmcoreException.at(file.name(), at, "flattened: there is no record in it");
    }
    isWhole = true;
  }

  private void damaged(long at, String reason) throws VmcoreException {
    if (records.count() == 0) {
      throw VmcoreException.at(file.name(), at, "flattened: " + reason);
    }
    findings.add(
        Finding.error(
            "flattened",
            at,
            "the flattened file is damaged at "
                + Hex.of(at)
                + ": "
                + reason
                + "; the "
                + records.count()
                + " whole records before are read"));
  }
}
