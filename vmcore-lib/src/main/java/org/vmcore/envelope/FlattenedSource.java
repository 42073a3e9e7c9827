package org.vmcore.envelope;

import java.lang.foreign.MemorySegment;
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
    for (long done = 0; done < wanted; ) {
      long at = position + done;
      i += i + 1 < records.count() && at >= records.target(i + 1) ? 1 : 0;
      boolean inRecord = i >= 0 && at < records.end(i);
      long end = inRecord ? records.end(i) : records.target(i + 1);
      long n = Math.min(wanted - done, end - at);
      MemorySegment piece = n == dst.byteSize() ? dst : dst.asSlice(done, n);
      if (inRecord) {
        long got = inner.read(records.file(i) + (at - records.target(i)), piece);
        if (got < n) {
          return done + got;
        }
      } else {
        piece.fill((byte) 0);
      }
      done += n;
    }
    recent = Math.max(i, 0);
    return wanted;
  }

  private int indexOf(long position) {
    int i = recent;
    return records.target(i) <= position && position < records.end(i) ? i : records.floor(position);
  }

  /** Whether the file itself has lost something. */
  private boolean isInnerDamaged() {
    return inner.lost(0, inner.size()) > 0;
  }

  @Override
  public long available(long position, long wanted) {
    long n = super.available(position, wanted);
    int gap = gaps.floor(position);
    if (n == 0 || (gap >= 0 && position < gaps.end(gap))) {
      return 0;
    }
    long there = gap + 1 < gaps.count() ? Math.min(n, gaps.start(gap + 1) - position) : n;
    return isInnerDamaged() ? availableInner(position, there) : there;
  }

  /** How many of {@code wanted} bytes, none of which is in a gap, the file has itself. */
  private long availableInner(long position, long wanted) {
    long done = 0;
    while (done < wanted) {
      Span span = innerSpan(position + done);
      if (!span.isThere()) {
        return done;
      }
      done = span.end() - position;
    }
    return wanted;
  }

  /** The bytes around {@code position}, which is in no gap, that the file has, or has lost. */
  private Span innerSpan(long position) {
    int i = records.floor(position);
    if (i < 0 || position >= records.end(i)) {
      return new Span(i < 0 ? 0 : records.end(i), records.target(i + 1), true);
    }
    long shift = records.target(i) - records.file(i);
    Span span = inner.spanAt(position - shift);
    return new Span(
        Math.max(records.target(i), span.start() + shift),
        Math.min(records.end(i) - shift, span.end()) + shift,
        span.isThere());
  }

  @Override
  public Span spanAt(long position) {
    if (position >= size()) {
      return super.spanAt(position);
    }
    int gap = gaps.floor(position);
    if (gap >= 0 && position < gaps.end(gap)) {
      return new Span(gaps.start(gap), gaps.end(gap), false);
    }
    return isInnerDamaged()
        ? innerSpan(position)
        : new Span(
            gap < 0 ? 0 : gaps.end(gap),
            gap + 1 < gaps.count() ? gaps.start(gap + 1) : size(),
            true);
  }

  @Override
  public long lost(long position, long length) {
    long inside = super.available(position, length);
    long end = position + inside;
    long lost = length - inside + gaps.bytesBefore(end) - gaps.bytesBefore(position);
    for (int i = Math.max(0, records.floor(position));
        isInnerDamaged() && i < records.count() && records.target(i) < end;
        i++) {
      long from = Math.max(position, records.target(i));
      long n = Math.max(0, Math.min(end, records.end(i)) - from);
      lost += inner.lost(records.file(i) + from - records.target(i), n);
    }
    return lost;
  }

  @Override
  public Optional<Finding> lossAt(long position) {
    int i = position < size() ? records.floor(position) : -1;
    return i >= 0 && position < records.end(i)
        ? inner.lossAt(records.file(i) + position - records.target(i))
        : super.lossAt(position);
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
