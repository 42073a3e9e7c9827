package org.vmcore.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/**
 * A file of a file system that isn't the host's, and each read of which may cost a round trip: on a
 * web server, in a store of objects. It is read in blocks, of which those that were asked for last
 * are kept; who reads on gets more of them at once.
 */
final class BlockSource extends ByteSource {
  private static final int BLOCK = 1 << 18;

  /** The most blocks that are read at once. */
  private static final int MOST_AT_ONCE = 16;

  /** The most bytes of blocks that are kept. */
  private static final long MOST_KEPT = 64L << 20;

  private final int mostKept =
      (int) Math.max(2, Math.min(MOST_KEPT, Runtime.getRuntime().maxMemory() / 8) / BLOCK);

  /** By number, the one that was asked for last at the end. */
  private final Map<Long, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);

  private final Object reading = new Object();
  private SeekableByteChannel channel;
  private volatile boolean closed;

  /** The block behind those that were read last, and how many they were. */
  private long next = -1;

  private int run = 1;

  private BlockSource(Identity identity, SeekableByteChannel channel, long size) {
    super(identity, size);
    this.channel = channel;
  }

  /**
   * The bytes of {@code channel}, which is closed with the source.
   *
   * @throws UnsupportedOperationException when the channel has no positions
   */
  static BlockSource of(Identity identity, SeekableByteChannel channel) throws IOException {
    boolean made = false;
    try {
      long size = channel.size();
      channel.position(Math.min(1, size)).position(0);
      made = true;
      return new BlockSource(identity, channel, size);
    } finally {
      if (!made) {
        channel.close();
      }
    }
  }

  @Override
  public long read(long position, MemorySegment dst) throws VmcoreException {
    if (closed) {
      throw VmcoreException.of(name(), "the dump is closed");
    }
    long wanted = available(position, dst.byteSize());
    long done = 0;
    while (done < wanted) {
      long at = position + done;
      byte[] bytes;
      try {
        bytes = block(at / BLOCK, (wanted - done + at % BLOCK + BLOCK - 1) / BLOCK);
      } catch (VmcoreException e) {
        if (done == 0 || available(at, 1) > 0) {
          throw e;
        }
        return done;
      }
      int from = (int) (at % BLOCK);
      long n = Math.min(wanted - done, bytes.length - from);
      if (n <= 0) {
        lose(at, size(), Faults.TRUNCATED);
        if (done == 0) {
          throw VmcoreException.at(name(), at, Faults.TRUNCATED);
        }
        return done;
      }
      Bytes.copy(MemorySegment.ofArray(bytes), from, dst, done, n);
      done += n;
    }
    return done;
  }

  /** Block {@code number}, the first of {@code wanted} in a row. */
  private byte[] block(long number, long wanted) throws VmcoreException {
    byte[] known = kept(number);
    if (known != null) {
      return known;
    }
    synchronized (reading) {
      byte[] meanwhile = kept(number);
      return meanwhile == null ? fetch(number, wanted) : meanwhile;
    }
  }

  private byte @Nullable [] kept(long number) {
    synchronized (kept) {
      return kept.get(number);
    }
  }

  /** Reads a run of blocks: twice as many as the last time where that ended here. */
  private byte[] fetch(long number, long wanted) throws VmcoreException {
    run = number == next ? Math.min(2 * run, MOST_AT_ONCE) : 1;
    int most = (int) Math.min(Math.max(wanted, run), Math.min(MOST_AT_ONCE, mostKept / 2 + 1));
    int count = 1;
    while (count < most && (number + count) * BLOCK < size() && kept(number + count) == null) {
      count++;
    }
    long position = number * BLOCK;
    int length = (int) Math.min((long) count * BLOCK, size() - position);
    byte[] bytes = new byte[length];
    int got = fill(position, bytes);
    next = number + count;
    return keep(number, bytes, got);
  }

  private int fill(long position, byte[] bytes) throws VmcoreException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      reopen();
      channel.position(position);
      int n;
      do {
        n = channel.read(buffer);
      } while (n >= 0 && buffer.hasRemaining());
      return buffer.position();
    } catch (IOException e) {
      String reason = closed ? "the dump is closed" : IoReason.of(e);
      throw VmcoreException.at(name(), position + buffer.position(), reason, e);
    }
  }

  /** An interrupt of another reader may have closed the channel. */
  private void reopen() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!channel.isOpen()) {
      channel = Files.newByteChannel(path());
    }
  }

  private byte[] keep(long number, byte[] bytes, int got) {
    byte[] first = new byte[0];
    synchronized (kept) {
      for (int from = 0; from < got; from += BLOCK) {
        byte[] block = Arrays.copyOfRange(bytes, from, Math.min(from + BLOCK, got));
        kept.put(number + from / BLOCK, block);
        first = from == 0 ? block : first;
      }
      Iterator<Long> oldest = kept.keySet().iterator();
      while (kept.size() > mostKept) {
        oldest.next();
        oldest.remove();
      }
    }
    return first;
  }

  @Override
  public Optional<MemorySegment> mapped() {
    return Optional.empty();
  }

  @Override
  public void close() {
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written: there is nothing that a failed close could lose.
    }
  }
}
