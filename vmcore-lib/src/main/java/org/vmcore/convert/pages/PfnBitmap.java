package org.vmcore.convert.pages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/**
 * A set of page frame numbers, a bit each: bit {@code pfn & 7}, the lowest first, of byte {@code
 * pfn >> 3}, as kdump-compressed files have it. It isn't on the heap: a small one is native memory,
 * a large one a temporary file without a name, mapped.
 *
 * <p>Blocks of which no frame or each one is in it have no bits: what a small dump says of a huge
 * machine costs little.
 *
 * <p>Several threads may change it at once, if none of them changes what another one asks for:
 * whole words are changed atomically.
 */
public final class PfnBitmap implements AutoCloseable {
  /** Bytes up to which it is native memory: all frames of 2 TiB in pages of 4 KiB. */
  private static final long MOST_NATIVE = 1L << 26;

  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle WORDS = WORD.varHandle();

  /** Log2 of the frames of a block: those of a page of bits. */
  private static final int BLOCK_SHIFT = 15;

  private static final long BLOCK = 1L << BLOCK_SHIFT;
  private static final long BLOCK_BYTES = BLOCK / Byte.SIZE;

  /** States of a block; the last one isn't full unless it is as large as the others. */
  private static final byte EMPTY = 0;

  private static final byte FULL = 1;

  /** Its bits tell; it stays so. */
  private static final byte MIXED = 2;

  private static final VarHandle STATES = MethodHandles.arrayElementVarHandle(byte[].class);

  private final Arena arena;
  private final MemorySegment words;
  private final long frames;

  /** That of each block. */
  private final byte[] states;

  private PfnBitmap(Arena arena, MemorySegment words, long frames) {
    this.arena = arena;
    this.words = words;
    this.frames = frames;
    this.states = new byte[Math.toIntExact(Math.ceilDiv(frames, BLOCK))];
  }

  /**
   * An empty set of frames below {@code frames}.
   *
   * @param scratch the folder of the temporary file, where one is needed
   * @throws VmcoreException when that can't be made
   */
  public static PfnBitmap of(long frames, Path scratch) throws VmcoreException {
    long bytes = (frames + Long.SIZE - 1) / Long.SIZE * Long.BYTES;
    Arena arena = Arena.ofShared();
    boolean made = false;
    try {
      MemorySegment words =
          bytes <= MOST_NATIVE ? arena.allocate(bytes, Long.BYTES) : mapped(bytes, scratch, arena);
      made = true;
      return new PfnBitmap(arena, words, frames);
    } finally {
      if (!made) {
        arena.close();
      }
    }
  }

  private static MemorySegment mapped(long bytes, Path scratch, Arena arena)
      throws VmcoreException {
    try {
      Path file = Files.createTempFile(scratch, "vmcore", ".bitmap");
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw VmcoreException.of(
          scratch.toString(),
          "no temporary file for a bitmap of " + bytes + " bytes: " + IoReason.of(e),
          e);
    }
  }

  /** The number of frames it may have: those from 0 to in front of this one. */
  public long frames() {
    return frames;
  }

  /** Whether {@code pfn} is in it. */
  public boolean get(long pfn) {
    return pfn < frames && ((word(pfn >>> 6) >>> pfn) & 1) != 0;
  }

  /**
   * Adds the frames from {@code from} to in front of {@code to}.
   *
   * @throws UncheckedIOException when there is no room for more of the temporary file
   */
  public void set(long from, long to) {
    change(from, to, true);
  }

  /**
   * Takes out the frames from {@code from} to in front of {@code to}.
   *
   * @throws UncheckedIOException when there is no room for more of the temporary file
   */
  public void clear(long from, long to) {
    change(from, to, false);
  }

  private void change(long from, long to, boolean add) {
    if (from < 0 || to > frames) {
      throw new IndexOutOfBoundsException(from + " to " + to + " of " + frames);
    }
    try {
      changeBlocks(from, to, add);
    } catch (InternalError e) {
      // The mapped file has holes, and its disk is full: a signal, which is an error here.
      throw new UncheckedIOException(new IOException("no room for sets of page frames", e));
    }
  }

  private void changeBlocks(long from, long to, boolean add) {
    for (long at = from; at < to; ) {
      int block = block(at);
      long end = Math.min(to, end(block));
      if (state(block) != (add ? FULL : EMPTY) && !changeWhole(block, at, end, add)) {
        changeWords(at, end, add);
      }
      at = end;
    }
  }

  /** Changes a block at once, if it has no bits and all of it is to change; else it gets bits. */
  private boolean changeWhole(int block, long from, long to, boolean add) {
    if (state(block) == MIXED) {
      return false;
    }
    synchronized (states) {
      byte state = state(block);
      if (state == MIXED) {
        return false;
      }
      if (to - from == BLOCK) {
        STATES.setRelease(states, block, add ? FULL : EMPTY);
        return true;
      }
      if (state == FULL) {
        words.asSlice(block * BLOCK_BYTES, BLOCK_BYTES).fill((byte) -1);
      }
      STATES.setRelease(states, block, MIXED);
      return false;
    }
  }

  private void changeWords(long from, long to, boolean add) {
    long at = from;
    while (at < to) {
      long end = Math.min(to, (at | 63) + 1);
      long mask = mask(at, end);
      long place = (at >>> 6) * Long.BYTES;
      if (mask == -1L) {
        words.set(WORD, place, add ? -1L : 0L);
      } else if (add) {
        WORDS.getAndBitwiseOr(words, place, mask);
      } else {
        WORDS.getAndBitwiseAnd(words, place, ~mask);
      }
      at = end;
    }
  }

  /** The bits of {@code from} to in front of {@code to}, all of one word. */
  private static long mask(long from, long to) {
    return (-1L << from) & (-1L >>> -to);
  }

  private static int block(long pfn) {
    return (int) (pfn >>> BLOCK_SHIFT);
  }

  private static long start(int block) {
    return (long) block << BLOCK_SHIFT;
  }

  private long end(int block) {
    return Math.min(frames, start(block) + BLOCK);
  }

  private byte state(int block) {
    return (byte) STATES.getAcquire(states, block);
  }

  private long word(long index) {
    int block = block(index << 6);
    return switch (state(block)) {
      case EMPTY -> 0;
      case FULL -> -1;
      default -> bits(index);
    };
  }

  /** The first frame from {@code from} on that is in it; {@link #frames} when there is none. */
  public long nextSet(long from) {
    return next(from, frames, true);
  }

  /**
   * The first frame from {@code from} on that is in it; {@code to} when there is none before it.
   */
  public long nextSet(long from, long to) {
    return next(from, to, true);
  }

  /** The first frame from {@code from} on that isn't in it; {@link #frames} when there is none. */
  public long nextClear(long from) {
    return next(from, frames, false);
  }

  /** The first frame from {@code from} on that isn't in it; {@code to} when all before it are. */
  public long nextClear(long from, long to) {
    return next(from, to, false);
  }

  /** The next bit before {@code to} that is set, or that isn't. */
  private long next(long from, long to, boolean set) {
    for (long at = from; at < to; ) {
      int block = block(at);
      byte state = state(block);
      long end = Math.min(to, end(block));
      if (state == (set ? FULL : EMPTY)) {
        return at;
      }
      if (state == MIXED) {
        long found = nextInWords(at, end, set ? 0L : -1L);
        if (found < end) {
          return found;
        }
      }
      at = end;
    }
    return to;
  }

  /**
   * The next bit before {@code to} of a block that has bits.
   *
   * @param flip 0 to look for bits that are set, −1 for those that aren't
   */
  private long nextInWords(long from, long to, long flip) {
    long index = from >>> 6;
    long last = (to - 1) >>> 6;
    long word = (bits(index) ^ flip) & (-1L << from);
    while (word == 0 && index < last) {
      word = bits(++index) ^ flip;
    }
    return word == 0 ? to : Math.min(to, (index << 6) + Long.numberOfTrailingZeros(word));
  }

  private long bits(long index) {
    return words.get(WORD, index * Long.BYTES);
  }

  /** The number of frames that are in it. */
  public long count() {
    return count(0, frames);
  }

  /** How many of the frames from {@code from} to in front of {@code to} are in it. */
  public long count(long from, long to) {
    long count = 0;
    for (long at = from; at < to; ) {
      int block = block(at);
      long end = Math.min(to, end(block));
      count +=
          switch (state(block)) {
            case EMPTY -> 0;
            case FULL -> end - at;
            default -> countWords(at, end);
          };
      at = end;
    }
    return count;
  }

  private long countWords(long from, long to) {
    long count = 0;
    for (long at = from; at < to; ) {
      long end = Math.min(to, (at | 63) + 1);
      count += Long.bitCount(bits(at >>> 6) & mask(at, end));
      at = end;
    }
    return count;
  }

  /** How many of the frames from {@code from} to in front of {@code to} are in both sets. */
  public long countBoth(PfnBitmap other, long from, long to) {
    long last = Math.min(to, Math.min(frames, other.frames));
    long count = 0;
    for (long at = from; at < last; ) {
      int block = block(at);
      long end = Math.min(last, start(block) + BLOCK);
      if (state(block) != EMPTY && other.state(block) != EMPTY) {
        count += countWordsOfBoth(other, at, end);
      }
      at = end;
    }
    return count;
  }

  private long countWordsOfBoth(PfnBitmap other, long from, long to) {
    long count = 0;
    for (long at = from; at < to; ) {
      long next = Math.min(to, (at | 63) + 1);
      count += Long.bitCount(word(at >>> 6) & other.word(at >>> 6) & mask(at, next));
      at = next;
    }
    return count;
  }

  /** The size of {@link #read} in bytes: {@code frames / 8} and up to 7 more, of zeros. */
  public long size() {
    return words.byteSize();
  }

  /**
   * How many of its bytes from {@code offset} on are known to be zeros without a look at them: not
   * always all of them.
   */
  public long blank(long offset) {
    long at = offset;
    while (at < size() && state((int) (at / BLOCK_BYTES)) == EMPTY) {
      at = Math.min(size(), (at / BLOCK_BYTES + 1) * BLOCK_BYTES);
    }
    return at - offset;
  }

  /** About how many of its bytes aren't zeros: those of blocks that aren't empty. */
  public long filled() {
    long blocks = 0;
    for (int block = 0; block < states.length; block++) {
      blocks += state(block) == EMPTY ? 0 : 1;
    }
    return blocks * BLOCK_BYTES;
  }

  /** Puts bytes of it from {@code offset} on to the start of {@code dst}; gives how many. */
  public long read(long offset, MemorySegment dst) {
    int block = (int) (offset / BLOCK_BYTES);
    long end = Math.min(size(), (block + 1) * BLOCK_BYTES);
    MemorySegment part = dst.asSlice(0, Math.min(dst.byteSize(), end - offset));
    byte state = state(block);
    if (state == MIXED) {
      Bytes.copy(words, offset, part, 0, part.byteSize());
    } else {
      part.fill((byte) (state == FULL ? -1 : 0));
    }
    return part.byteSize();
  }

  /** Frees it. */
  @Override
  public void close() {
    arena.close();
  }
}
