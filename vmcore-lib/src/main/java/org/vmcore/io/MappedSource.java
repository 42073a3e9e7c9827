package org.vmcore.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.vmcore.memory.VmcoreException;

/**
 * A file mapped as a whole.
 *
 * <p>Touching a mapped page for the first time costs more than having it copied by the system, so
 * large reads, which are those of programs that copy a dump from end to end, don't go through the
 * mapping.
 */
final class MappedSource extends ByteSource {
  private static final int LARGE = 1 << 18;

  private final Arena arena;
  private final ChannelSource file;
  private final MemorySegment bytes;

  MappedSource(Identity identity, Arena arena, MemorySegment bytes, ChannelSource file) {
    super(identity, bytes.byteSize());
    this.arena = arena;
    this.bytes = bytes;
    this.file = file;
  }

  @Override
  public long read(long position, MemorySegment dst) throws VmcoreException {
    long n = available(position, dst.byteSize());
    if (n == 0 || (n >= LARGE && dst.isNative() && file.readNative(position, dst, n))) {
      return n;
    }
    try {
      MemorySegment.copy(bytes, position, dst, 0, n);
      Faults.await();
    } catch (IllegalStateException e) {
      if (bytes.scope().isAlive()) {
        throw e;
      }
      throw VmcoreException.of(name(), "the dump is closed", e);
    } catch (InternalError e) {
      throw VmcoreException.at(name(), position, Faults.TRUNCATED, e);
    }
    return n;
  }

  @Override
  public long nextData(long offset) {
    return file.nextData(offset);
  }

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.of(bytes);
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
      file.close();
    }
  }
}
