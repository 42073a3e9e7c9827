package org.vmcore.format.s390;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.values.Hex;

/**
 * Where memory lies in a stand-alone dump: behind the header, or, of an extended one, in segments,
 * each behind a header {start, len, stop_marker} of a page. What is between two segments was zero,
 * or couldn't be read, and was left out.
 *
 * <p>Source: s390-tools' zdump/dfi_s390.c.
 */
final class S390Memory {
  private static final String CHECK = "s390";
  private static final int MOST_SEGMENTS = 1 << 20;
  private static final String END = "DUMP_END";

  private final ByteSource file;
  private final S390Header header;
  private final List<Finding> findings;
  private final FileOldMemory.Builder memory;
  private int segments;

  private S390Memory(ByteSource file, S390Header header, List<Finding> findings) {
    this.file = file;
    this.header = header;
    this.findings = findings;
    this.memory = new FileOldMemory.Builder(file);
  }

  /**
   * The memory by physical address.
   *
   * @param findings where it is told that the dump wasn't finished
   */
  static FileOldMemory of(ByteSource file, S390Header header, List<Finding> findings)
      throws VmcoreException {
    S390Memory its = new S390Memory(file, header, findings);
    its.end(header.isExtended() ? its.segments() : its.whole());
    return its.memory.build();
  }

  /** All of it in a row; gives where it ends in the file. */
  private long whole() throws VmcoreException {
    memory.add(0, header.memSize(), S390Header.SIZE, header.memSize());
    return S390Header.SIZE + header.memSize();
  }

  /**
   * A segment's header.
   *
   * @param start an address
   * @param len in bytes
   */
  private record Segment(long start, long len, boolean isLast) {}

  private long segments() throws VmcoreException {
    long at = S390Header.SIZE;
    Segment segment = segment(at, 0);
    memory.add(0, segment.start, 0, 0);
    while (true) {
      at += S390Header.SIZE;
      long end = segment.start + segment.len;
      Optional<Segment> next = segment.isLast ? Optional.empty() : next(at + segment.len, end);
      boolean isCut = next.isEmpty() && !segment.isLast;
      long upTo = next.isPresent() ? next.get().start : isCut ? end : header.memSize();
      memory.add(segment.start, upTo - segment.start, at, segment.len);
      at += segment.len;
      if (isCut) {
        memory.add(end, header.memSize() - end, file.size(), header.memSize() - end); // lost
      }
      if (next.isEmpty()) {
        return at;
      }
      segment = next.get();
    }
  }

  /** The segment behind another; empty, and told, where the file ends or none is there. */
  private Optional<Segment> next(long at, long from) {
    try {
      return at < file.size() && ++segments < MOST_SEGMENTS
          ? Optional.of(segment(at, from))
          : Optional.empty();
    } catch (VmcoreException e) {
      findings.add(Finding.error(CHECK, at, e.reason() + "; the segments before it are kept"));
      return Optional.empty();
    }
  }

  private Segment segment(long at, long from) throws VmcoreException {
    MemorySegment bytes = MemorySegment.ofArray(new byte[3 * Long.BYTES]);
    if (file.readWhole(at, bytes) < bytes.byteSize()) {
      throw VmcoreException.at(file.name(), at, "s390 dump: the file ends in a segment's header");
    }
    Cursor in = Cursor.of(file.name(), at, bytes, ByteOrder.BIG_ENDIAN);
    Segment segment = new Segment(in.u64("start"), in.u64("len"), in.u64("stop_marker") != 0);
    long most = header.memSize() - segment.start;
    boolean isSane = segment.start >= from && most > 0 && segment.len > 0 && segment.len <= most;
    if (!isSane || ((segment.start | segment.len) & S390Header.SIZE - 1) != 0) {
      throw VmcoreException.at(
          file.name(),
          at,
          "s390 dump: no segment: "
              + Hex.of(segment.len)
              + " bytes from "
              + Hex.of(segment.start)
              + " on");
    }
    return segment;
  }

  /** Looks for the end marker, without which the dump wasn't finished. */
  private void end(long at) throws VmcoreException {
    MemorySegment bytes = MemorySegment.ofArray(new byte[END.length()]);
    long got = file.read(at, bytes);
    if (at > file.size()) {
      findings.add(Finding.error("file_size", file.size(), "the file ends before " + Hex.of(at)));
    } else if (got < END.length()
        || !Cursor.of(file.name(), at, bytes, ByteOrder.BIG_ENDIAN)
            .text(END.length(), "str")
            .equals(END)) {
      String what = "no end marker: the dump wasn't finished, its last bytes may be any";
      findings.add(Finding.error(CHECK, at, what));
    }
  }
}
