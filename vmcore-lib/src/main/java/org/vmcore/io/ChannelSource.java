package org.vmcore.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/**
 * A file read piece by piece.
 *
 * <p>An interrupt closes a {@link FileChannel} under all its readers. The interrupted reader gets
 * an exception and the channel is opened again for the others.
 */
public sealed class ChannelSource extends ByteSource permits MappedSource {
  private static final int PIECE = 1 << 20;

  /** What a file system reads at once or not at all. */
  private static final int BLOCK = 4096;

  private static final int MOST_AT_ONCE = 1 << 30;

  /** The JDK takes native memory of the same size to read into an array, and keeps it. */
  private static final int MOST_FOR_ARRAYS = 1 << 18;

  /** In smaller files holes are read: that costs less than to start the native linker. */
  private static final long SMALL = 1L << 29;

  private volatile FileChannel channel;
  private volatile boolean closed;

  /** Opened when it is asked for the first time. */
  private @Nullable Holes holes;

  ChannelSource(Identity identity, FileChannel channel, long size) {
    super(identity, size);
    this.channel = channel;
  }

  @Override
  public long read(long position, MemorySegment dst) throws VmcoreException {
    long wanted = available(position, dst.byteSize());
    byte[] piece = new byte[(int) Math.min(wanted, PIECE)];
    long done = 0;
    try {
      while (done < wanted) {
        int n = readPiece(position + done, piece, (int) Math.min(wanted - done, piece.length));
        Bytes.copy(MemorySegment.ofArray(piece), 0, dst, done, n);
        done += n;
      }
    } catch (VmcoreException e) {
      if (done == 0 || available(position + done, 1) > 0) {
        throw e;
      }
    }
    return done;
  }

  private int readPiece(long position, byte[] piece, int length) throws VmcoreException {
    while (true) {
      FileChannel current = channel;
      try {
        int n = current.read(ByteBuffer.wrap(piece, 0, length), position);
        if (n > 0) {
          return n;
        }
        long end = current.size();
        cutAt(end > 0 ? Math.min(position, end) : position);
        throw VmcoreException.at(name(), position, Faults.TRUNCATED);
      } catch (VmcoreException e) {
        throw e;
      } catch (ClosedByInterruptException e) {
        // Some file systems interrupt the readers of a channel that is closed.
        throw closed
            ? VmcoreException.of(name(), "the dump is closed", e)
            : VmcoreException.at(name(), position, "interrupted", e);
      } catch (ClosedChannelException e) {
        reopen(current, e);
      } catch (IOException e) {
        int left = (int) (BLOCK - (position & BLOCK - 1));
        if (length > left) {
          return readPiece(position, piece, left);
        }
        // A block can be had or not as a whole.
        lose(position, Math.min(position + left, size()), IoReason.of(e));
        throw VmcoreException.at(name(), position, IoReason.of(e), e);
      }
    }
  }

  /** The file ends at {@code end} by now; a device doesn't tell where. */
  private void cutAt(long end) {
    lose(end, size(), Faults.TRUNCATED);
  }

  @Override
  public boolean isFoundCut() {
    FileChannel current = channel;
    try {
      long end = current.size();
      boolean isNew = end > 0 && available(end, 1) > 0;
      if (isNew) {
        cutAt(end);
      }
      return isNew;
    } catch (ClosedByInterruptException e) {
      return false;
    } catch (ClosedChannelException e) {
      return isOpenAgain(current, e) && isFoundCut();
    } catch (IOException e) {
      return false; // reading it tells what is wrong
    }
  }

  private boolean isOpenAgain(FileChannel lost, IOException cause) {
    try {
      reopen(lost, cause);
      return true;
    } catch (VmcoreException e) {
      return false;
    }
  }

  /**
   * Whether the first {@code n} bytes of {@code dst}, which is native or an array of bytes, could
   * be had at once; an interrupt, for one, closes the channel for those that follow.
   */
  boolean readAtOnce(long position, MemorySegment dst, long n) {
    try {
      int most = dst.isNative() ? MOST_AT_ONCE : MOST_FOR_ARRAYS;
      for (long done = 0; done < n; ) {
        long piece = Math.min(most, n - done);
        int got = channel.read(dst.asSlice(done, piece).asByteBuffer(), position + done);
        if (got <= 0) {
          return false;
        }
        done += got;
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private synchronized void reopen(FileChannel lost, IOException cause) throws VmcoreException {
    if (closed) {
      throw VmcoreException.of(name(), "the dump is closed", cause);
    }
    if (channel.equals(lost)) {
      try {
        channel = FileChannel.open(path(), StandardOpenOption.READ);
        if (fileKey().isPresent() && !key(path()).equals(fileKey())) {
          throw VmcoreException.of(name(), "the file was replaced while it was open");
        }
      } catch (VmcoreException e) {
        throw e;
      } catch (IOException e) {
        throw VmcoreException.of(name(), IoReason.of(e), e);
      }
    }
  }

  @Override
  public long nextData(long offset) {
    return size() < SMALL || offset < 0 || offset >= size() ? offset : seekData(offset);
  }

  private synchronized long seekData(long offset) {
    if (closed) {
      return offset;
    }
    Holes known = holes;
    if (known == null) {
      holes = known = Holes.of(identity(), size());
    }
    return known.nextData(offset);
  }

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.empty();
  }

  @Override
  public synchronized void close() {
    closed = true;
    close(channel);
    if (holes != null) {
      holes.close();
    }
  }

  public static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written: there is nothing that a failed close could lose.
    }
  }
}
