package org.vmcore.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
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
  private static final int MOST_AT_ONCE = 1 << 30;

  private final Arena arena;
  private final FileChannel channel;
  private final MemorySegment bytes;

  MappedSource(Identity identity, Arena arena, MemorySegment bytes, FileChannel channel) {
    super(identity, bytes.byteSize());
    this.arena = arena;
    this.bytes = bytes;
    this.channel = channel;
  }

  @Override
  public long read(long position, MemorySegment dst) throws VmcoreException {
    long n = available(position, dst.byteSize());
    if (n == 0 || (n >= LARGE && dst.isNative() && readLarge(position, dst, n))) {
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

  /** Whether the channel gave all; an interrupt, for one, closes it for good. */
  private boolean readLarge(long position, MemorySegment dst, long n) {
    try {
      for (long done = 0; done < n; ) {
        long piece = Math.min(MOST_AT_ONCE, n - done);
        int got = channel.read(dst.asSlice(done, piece).asByteBuffer(), position + done);
        if (got <= 0) {
          return false;
        }
        done += got;
      }
      return true;
    } catch (IOException e) {
      return false; // the mapping has the bytes, or tells what is wrong
    }
  }

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.of(bytes);
  }

  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
      ChannelSource.close(channel);
    }
  }
}
