package org.vmcore.io;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * Several files as one: each has 2^48 positions of its own, of which those behind its end are lost.
 * A machine whose RAM was saved bank by bank is read so.
 */
public final class JoinedSource extends ByteSource {
  private static final int SHIFT = 48;
  private static final long STRIDE = 1L << SHIFT;
  private static final int MOST = 1 << 10;

  private final List<ByteSource> files;

  private JoinedSource(Identity identity, List<ByteSource> files, long size) {
    super(identity, size);
    this.files = files;
  }

  /**
   * {@code first} and what follows it, which are closed with it; a single file is given as it is.
   *
   * @throws VmcoreException when there are too many
   */
  public static ByteSource of(ByteSource first, List<ByteSource> more) throws VmcoreException {
    if (more.isEmpty()) {
      return first;
    }
    if (more.size() >= MOST) {
      throw VmcoreException.of(first.name(), "more than " + MOST + " files of RAM");
    }
    List<ByteSource> files = new ArrayList<>(List.of(first));
    files.addAll(more);
    StringBuilder name = new StringBuilder(first.name());
    List<String> envelopes = new ArrayList<>(first.envelopes());
    for (ByteSource each : more) {
      name.append(", ").append(each.name());
      envelopes.addAll(each.envelopes());
    }
    Identity identity =
        new Identity(
            first.path(),
            Optional.empty(),
            name.toString(),
            envelopes.stream().distinct().toList());
    long size = more.size() * STRIDE + more.getLast().size();
    return new JoinedSource(identity, List.copyOf(files), size);
  }

  private static long local(long position) {
    return position & STRIDE - 1;
  }

  private ByteSource file(long position) {
    return files.get((int) Math.min(position >>> SHIFT, files.size() - 1));
  }

  private boolean isIn(long position) {
    return position >= 0 && position < size();
  }

  @Override
  public long read(long position, MemorySegment dst) throws VmcoreException {
    return isIn(position) ? file(position).read(local(position), dst) : 0;
  }

  @Override
  public long available(long position, long wanted) {
    return isIn(position) ? file(position).available(local(position), wanted) : 0;
  }

  @Override
  public Span spanAt(long position) {
    if (!isIn(position)) {
      return super.spanAt(position);
    }
    Span span = file(position).spanAt(local(position));
    long base = position - local(position);
    return new Span(base + span.start(), base + Math.min(span.end(), STRIDE), span.isThere());
  }

  @Override
  public long nextData(long position) {
    ByteSource file = file(position);
    boolean isInFile = isIn(position) && local(position) < file.size();
    return isInFile ? position - local(position) + file.nextData(local(position)) : position;
  }

  @Override
  public long position(int file, long offset) throws VmcoreException {
    if (file >= files.size() || offset >= STRIDE) {
      return super.position(file, offset);
    }
    return file * STRIDE + offset;
  }

  @Override
  public long most() {
    return STRIDE;
  }

  @Override
  public FileSlice slice(long position, long length) {
    return file(position).slice(local(position), length);
  }

  @Override
  public boolean hasLosses() {
    for (ByteSource file : files) {
      if (file.hasLosses()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long lost(long position, long length) {
    return isIn(position) ? file(position).lost(local(position), length) : length;
  }

  @Override
  public Optional<Finding> lossAt(long position) {
    ByteSource file = file(position);
    return file.lossAt(isIn(position) ? local(position) : position)
        .map(loss -> new Finding(loss.check(), loss.severity(), loss.offset(), named(file, loss)));
  }

  private static String named(ByteSource file, Finding loss) {
    return file.name() + ": " + loss.message();
  }

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.empty();
  }

  @Override
  public void close() {
    files.forEach(ByteSource::close);
  }
}
