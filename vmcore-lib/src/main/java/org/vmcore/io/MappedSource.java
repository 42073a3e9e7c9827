package org.vmcore.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/**
 * A file mapped as a whole.
 *
 * <p>Touching a mapped page for the first time costs more than having it copied by the system, so
 * large reads, which are those of programs that copy a dump from end to end, don't go through the
 * mapping.
 *
 * <p>What goes wrong in operation: of a file that was cut, pages behind its new end fault, and what
 * the last page lacks reads as zeros. So where a read ends with a zero, the page behind is touched,
 * too, or, at the end of the file, its size looked at. After a fault the bytes are read piece by
 * piece, which tells to the byte what is lost.
 */
final class MappedSource extends ChannelSource {
  private static final int LARGE = 1 << 17;

  /** The host's page size, or a multiple of it: others than x86_64 may have pages of 64 KiB. */
  private static final long PAGE =
      System.getProperty("os.arch", "").equals("amd64") ? 4096 : 1 << 16;

  private final Arena arena;
  private final MemorySegment bytes;

  MappedSource(Identity identity, Arena arena, MemorySegment bytes, FileChannel channel) {
    super(identity, channel, bytes.byteSize());
    this.arena = arena;
    this.bytes = bytes;
  }

  @Override
  public long read(long position, MemorySegment dst) throws VmcoreException {
    long n = available(position, dst.byteSize());
    if (n == 0 || (n >= LARGE && isBuffer(dst) && readAtOnce(position, dst, n))) {
      return n;
    }
    try {
      Bytes.copy(bytes, position, dst, 0, n);
      boolean mayBeCut = bytes.get(ValueLayout.JAVA_BYTE, position + n - 1) == 0;
      if (mayBeCut) {
        lookBehind(position + n);
      }
      Faults.await();
      return mayBeCut ? available(position, n) : n;
    } catch (IllegalStateException e) {
      if (bytes.scope().isAlive()) {
        throw e;
      }
      throw VmcoreException.of(name(), "the dump is closed", e);
    } catch (InternalError e) {
      return super.read(position, dst);
    }
  }

  /** Whether a channel can read into it. */
  private static boolean isBuffer(MemorySegment dst) {
    return dst.isNative() || dst.heapBase().orElse("") instanceof byte[];
  }

  /**
   * Notices whether the file was cut, if it ends by now in the page of the byte before {@code end}.
   */
  private void lookBehind(long end) {
    long next = end + PAGE - 1 & -PAGE;
    if (next < size()) {
      Faults.touch(bytes, next);
    } else {
      isFoundCut();
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
      super.close();
    }
  }
}
