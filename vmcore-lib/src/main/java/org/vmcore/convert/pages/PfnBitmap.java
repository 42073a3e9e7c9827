package org.vmcore.convert.pages;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;

/**
 * A set of page frame numbers, a bit each: bit {@code pfn & 7}, the lowest first, of byte {@code
 * pfn >> 3}, as kdump-compressed files have it. It isn't on the heap: a small one is native memory,
 * a large one a temporary file without a name, mapped.
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

  private final Arena arena;
  private final MemorySegment words;
  private final long frames;

  private PfnBitmap(Arena arena, MemorySegment words, long frames) {
    this.arena = arena;
    this.words = words;
    this.frames = frames;
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

  /** Adds the frames from {@code from} to in front of {@code to}. */
  public void set(long from, long to) {
    change(from, to, true);
  }

  /** Takes out the frames from {@code from} to in front of {@code to}. */
  public void clear(long from, long to) {
    change(from, to, false);
  }

  private void change(long from, long to, boolean add) {
    if (from < 0 || to > frames) {
      throw new IndexOutOfBoundsException(from + " to " + to + " of " + frames);
    }
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

  private long word(long index) {
    return words.get(WORD, index * Long.BYTES);
  }

  /** The first frame from {@code from} on that is in it; {@link #frames} when there is none. */
  public long nextSet(long from) {
    return next(from, frames, 0L);
  }

  /**
   * The first frame from {@code from} on that is in it; {@code to} when there is none before it.
   */
  public long nextSet(long from, long to) {
    return next(from, to, 0L);
  }

  /** The first frame from {@code from} on that isn't in it; {@link #frames} when there is none. */
  public long nextClear(long from) {
    return next(from, frames, -1L);
  }

  /** The first frame from {@code from} on that isn't in it; {@code to} when all before it are. */
  public long nextClear(long from, long to) {
    return next(from, to, -1L);
  }

  /**
   * The next bit before {@code to}.
   *
   * @param flip 0 to look for bits that are set, −1 for those that aren't
   */
  private long next(long from, long to, long flip) {
    if (from >= to) {
      return to;
    }
    long index = from >>> 6;
    long last = (to - 1) >>> 6;
    long word = (word(index) ^ flip) & (-1L << from);
    while (word == 0 && index < last) {
      word = word(++index) ^ flip;
    }
    return word == 0 ? to : Math.min(to, (index << 6) + Long.numberOfTrailingZeros(word));
  }

  /** The number of frames that are in it. */
  public long count() {
    return count(0, frames);
  }

  /** How many of the frames from {@code from} to in front of {@code to} are in it. */
  public long count(long from, long to) {
    long count = 0;
    long at = from;
    while (at < to) {
      long end = Math.min(to, (at | 63) + 1);
      count += Long.bitCount(word(at >>> 6) & mask(at, end));
      at = end;
    }
    return count;
  }

  /** How many of the frames from {@code from} to in front of {@code to} are in both sets. */
  public long countBoth(PfnBitmap other, long from, long to) {
    long end = Math.min(to, other.frames);
    long count = 0;
    long at = from;
    while (at < end) {
      long next = Math.min(end, (at | 63) + 1);
      count += Long.bitCount(word(at >>> 6) & other.word(at >>> 6) & mask(at, next));
      at = next;
    }
    return count;
  }

  /**
   * The bytes of the set, read-only: {@code frames / 8} and up to 7 more, of zeros. Where it is a
   * file, they are mapped.
   */
  public MemorySegment bytes() {
    return words.asReadOnly();
  }

  /** Frees it. */
  @Override
  public void close() {
    arena.close();
  }
}
