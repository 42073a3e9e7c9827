package org.vmcore.envelope;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The file that makedumpfile's {@code -R} would make of a flattened one, read where it lies.
 *
 * <p>What no record has written is zeros. Of a flattened file that was cut short or is damaged,
 * what no record has written is lost: nobody knows what would have come.
 */
final class FlattenedSource extends ByteSource {
  /** What the envelope is called. */
  static final String NAME = "flattened";

  private final ByteSource inner;
  private final Records records;

  /** What is lost, but for what is behind the end. */
  private final Gaps gaps;

  private volatile boolean closed;

  /** The record that was read last: the next read is most likely there, or in the one behind. */
  private int recent;

  private FlattenedSource(ByteSource inner, Records records, Gaps gaps) {
    super(inner.identity().out(NAME), records.end(records.count() - 1));
    this.inner = inner;
    this.records = records;
    this.gaps = gaps;
  }

  /** Whether {@code file} begins as a flattened one. */
  static boolean is(ByteSource file) throws VmcoreException {
    byte[] start = new byte[FlattenedRecords.SIGNATURE.length];
    long got = file.readPresent(0, MemorySegment.ofArray(start));
    return got == start.length && Arrays.equals(start, FlattenedRecords.SIGNATURE);
  }

  /**
   * What is flattened in {@code inner}, which is closed with the source.
   *
   * @param findings where it is told that the file is cut short or damaged
   * @throws VmcoreException when it is no flattened file, or not a single record of it is whole
   */
  static FlattenedSource of(ByteSource inner, List<Finding> findings) throws VmcoreException {
    FlattenedRecords read = FlattenedRecords.read(inner, findings);
    Records settled = read.records().settled();
    return new FlattenedSource(inner, settled, read.isWhole() ? Gaps.NONE : Gaps.between(settled));
  }

  @Override
  public long read(long position, MemorySegment dst) throws VmcoreException {
    long wanted = available(position, dst.byteSize());
    if (closed) {
      throw VmcoreException.of(name(), "the dump is closed");
    }
    int i = wanted == 0 ? 0 : indexOf(position);
    long done = 0;
    while (done < wanted) {
      long at = position + done;
      i += i + 1 < records.count() && at >= records.target(i + 1) ? 1 : 0;
      boolean inRecord = i >= 0 && at < records.end(i);
      long end = inRecord ? records.end(i) : records.target(i + 1);
      long n = Math.min(wanted - done, end - at);
      MemorySegment piece = n == dst.byteSize() ? dst : dst.asSlice(done, n);
      long got = inRecord ? readRecord(i, at, piece) : zeros(piece);
      done += got;
      if (got < n) {
        break;
      }
    }
    recent = Math.max(i, 0);
    return done;
  }

  private int indexOf(long position) {
    int i = recent;
    return records.target(i) <= position && position < records.end(i) ? i : records.floor(position);
  }

  private static long zeros(MemorySegment dst) {
    dst.fill((byte) 0);
    return dst.byteSize();
  }

  private long readRecord(int i, long at, MemorySegment dst) throws VmcoreException {
    return inner.readPresent(inFile(i, at), dst);
  }

  /** The offset in the flattened file of {@code at}, which lies in record {@code i}. */
  private long inFile(int i, long at) {
    return records.file(i) + (at - records.target(i));
  }

  @Override
  public boolean hasLosses() {
    return inner.hasLosses();
  }

  @Override
  public boolean isFoundCut() {
    return inner.isFoundCut();
  }

  @Override
  public long available(long position, long wanted) {
    long n = super.available(position, wanted);
    int gap = gaps.floor(position);
    if (n == 0 || (gap >= 0 && position < gaps.end(gap))) {
      return 0;
    }
    long there = gap + 1 < gaps.count() ? Math.min(n, gaps.start(gap + 1) - position) : n;
    return hasLosses() ? availableInFile(position, there) : there;
  }

  /** The same, where records turned out to be lost. */
  private long availableInFile(long position, long wanted) {
    long done = 0;
    for (int i = records.floor(position); done < wanted && i < records.count(); i++) {
      long at = position + done;
      if (i >= 0 && at < records.end(i)) {
        long inRecord = Math.min(wanted - done, records.end(i) - at);
        long there = inner.available(inFile(i, at), inRecord);
        done += there;
        if (there < inRecord) {
          return done;
        }
      }
      if (i + 1 < records.count()) {
        done = Math.max(done, Math.min(wanted, records.target(i + 1) - position));
      }
    }
    return done;
  }

  @Override
  public Span spanAt(long position) {
    if (position >= size()) {
      return super.spanAt(position);
    }
    if (hasLosses()) {
      return spanInFile(position);
    }
    int gap = gaps.floor(position);
    if (gap >= 0 && position < gaps.end(gap)) {
      return new Span(gaps.start(gap), gaps.end(gap), false);
    }
    return new Span(
        gap < 0 ? 0 : gaps.end(gap), gap + 1 < gaps.count() ? gaps.start(gap + 1) : size(), true);
  }

  /**
   * Between records, and where the flattened file itself has holes, nothing was written: zeros.
   * What is lost is none of them.
   */
  @Override
  public long nextData(long offset) {
    long at = offset;
    while (at >= 0 && at < size()) {
      int i = records.floor(at);
      if (i >= 0 && at < records.end(i)) {
        long next = dataOf(i, at);
        if (next < records.end(i)) {
          return next;
        }
        at = next;
      } else if (available(at, 1) == 0) {
        return at;
      } else {
        at = records.target(i + 1);
      }
    }
    return at;
  }

  /** The first place from {@code at} on, which lies in record {@code i}, that may hold data. */
  private long dataOf(int i, long at) {
    long offset = inFile(i, at);
    return Math.min(at + (inner.nextData(offset) - offset), records.end(i));
  }

  /** From {@code position} on, where records turned out to be lost: to the end of its record. */
  private Span spanInFile(long position) {
    long there = available(position, size() - position);
    int i = records.floor(position);
    if (there > 0) {
      return new Span(position, position + there, true);
    }
    if (i < 0 || position >= records.end(i)) {
      return new Span(position, records.target(i + 1), false);
    }
    long inRecord = records.end(i) - position;
    long lost = inner.spanAt(inFile(i, position)).end() - inFile(i, position);
    return new Span(position, position + Math.min(inRecord, lost), false);
  }

  @Override
  public Optional<Finding> lossAt(long position) {
    int i = position < size() ? records.floor(position) : -1;
    return i >= 0 && position < records.end(i)
        ? inner.lossAt(inFile(i, position))
        : super.lossAt(position);
  }

  @Override
  public long lost(long position, long length) {
    long inside = super.available(position, length);
    long inGaps = gaps.bytesBefore(position + inside) - gaps.bytesBefore(position);
    return length - inside + inGaps + (hasLosses() ? lostInFile(position, inside) : 0);
  }

  /** How many of the bytes that records hold are lost. */
  private long lostInFile(long position, long length) {
    long end = position + length;
    long lost = 0;
    int first = Math.max(0, records.floor(position));
    for (int i = first; i < records.count() && records.target(i) < end; i++) {
      long from = Math.max(position, records.target(i));
      long n = Math.min(end, records.end(i)) - from;
      lost += n > 0 ? inner.lost(inFile(i, from), n) : 0;
    }
    return lost;
  }

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    inner.close();
  }
}
