package org.vmcore.output;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/**
 * A stretch of a {@link PlacedOutput} that is written from its start on, gathered into large
 * blocks. Several of them may grow at once, each at its own place.
 *
 * <p>Blocks end at multiples of their size, so that the file system gets whole pages. Not
 * thread-safe, though one thread after the other may use it.
 */
public final class PlacedRun implements AutoCloseable {
  /** Bytes in a block. */
  private static final int BLOCK = 1 << 20;

  private final PlacedOutput out;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment block = arena.allocate(BLOCK, ZeroPages.SIZE);

  /** Output position of the block's first byte. */
  private long start;

  private int filled;

  private PlacedRun(PlacedOutput out, long start) {
    this.out = out;
    this.start = start;
  }

  /** A stretch of {@code out} that begins at byte {@code start}. */
  public static PlacedRun of(PlacedOutput out, long start) {
    return new PlacedRun(out, start);
  }

  /** In how many pieces the bytes from {@code start} to in front of {@code end} are written. */
  public static long blocks(long start, long end) {
    return start == end ? 0 : (end - 1) / BLOCK - start / BLOCK + 1;
  }

  /** The output position of the next byte. */
  public long position() {
    return start + filled;
  }

  /** Appends {@code length} bytes of {@code source} from {@code offset}. */
  public void write(byte[] source, int offset, int length) throws VmcoreException {
    int done = 0;
    while (done < length) {
      int n = Math.min(length - done, room());
      MemorySegment.copy(source, offset + done, block, ValueLayout.JAVA_BYTE, filled, n);
      filled += n;
      done += n;
    }
  }

  /** Appends all of {@code source}, heap, native or mapped. */
  public void write(MemorySegment source) throws VmcoreException {
    long done = 0;
    while (done < source.byteSize()) {
      int n = (int) Math.min(source.byteSize() - done, room());
      Bytes.copy(source, done, block, filled, n);
      filled += n;
      done += n;
    }
  }

  /** Appends what {@code reader} gives when it is asked once for at most {@code most} bytes. */
  public long append(long most, OutputFile.Reader reader) throws VmcoreException {
    int wanted = (int) Math.min(most, room());
    long got = reader.read(block.asSlice(filled, wanted));
    filled += (int) got;
    return got;
  }

  /** Appends zeros up to output position {@code position}: a hole where there can be one. */
  public void zerosTo(long position) throws VmcoreException {
    if (out.isSparse() && position - position() > BLOCK) {
      flush();
      start = position;
    }
    while (position() < position) {
      int n = (int) Math.min(position - position(), room());
      block.asSlice(filled, n).fill((byte) 0);
      filled += n;
    }
  }

  /** Leaves out what lies in front of output position {@code position}: nobody reads it. */
  public void skipTo(long position) throws VmcoreException {
    flush();
    start = position;
  }

  private int room() throws VmcoreException {
    int most = (int) (BLOCK - (start & BLOCK - 1));
    if (filled == most) {
      flush();
      return BLOCK;
    }
    return most - filled;
  }

  /** Writes what was gathered. */
  public void flush() throws VmcoreException {
    if (filled > 0) {
      out.write(block.asSlice(0, filled), start);
      start += filled;
      filled = 0;
    }
  }

  /** Gives up what wasn't flushed. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
