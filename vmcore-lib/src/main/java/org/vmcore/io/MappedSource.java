package org.vmcore.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Optional;

/** A file mapped as a whole. */
final class MappedSource extends ByteSource {
  private final Arena arena;
  private final MemorySegment bytes;

  MappedSource(Path path, Optional<Object> fileKey, Arena arena, MemorySegment bytes) {
    super(path, bytes.byteSize(), fileKey);
    this.arena = arena;
    this.bytes = bytes;
  }

  @Override
  public long read(long position, MemorySegment dst) throws VmcoreException {
    long n = available(position, dst.byteSize());
    if (n == 0) {
      return 0;
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
  public Optional<MemorySegment> mapped() {
    return Optional.of(bytes);
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
