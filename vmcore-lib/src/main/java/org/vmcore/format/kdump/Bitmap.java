package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/**
 * One bit for each page frame, the lowest bit of a byte first. The bits stay in the file; kept is
 * how many are set before each block of 4096, where any are set at all: 1/1024 of the bitmap at
 * most, and next to nothing of one that is mostly empty.
 *
 * <p>Where the file ends too early or has a hole, bits are 0 and not {@link #known}.
 */
final class Bitmap {
  /** The most bits there are room for: 4 PiB in pages of 4 KiB, what 52-bit addresses reach. */
  static final long MOST = 1L << 40;

  private static final int BLOCK = 4096;

  private static final int BLOCK_BYTES = BLOCK / Byte.SIZE;
  private static final int BLOCK_WORDS = BLOCK / Long.SIZE;
  private static final int BLOCK_SHIFT = 12;

  /** A piece of the file that is read at once, and a row of the index. */
  private static final int ROW_BYTES = 1 << 20;

  private static final int ROW_BLOCKS = ROW_BYTES / BLOCK_BYTES;
  private static final int ROW_SHIFT = 23;
  private static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final Block EMPTY = new Block(-1, new long[BLOCK_WORDS]);

  private final ByteSource file;
  private final long offset;
  private final long bits;
  private final long known;

  /** By row: the bits that are set before it; one more at the end. */
  private final long[] before;

  /** By row and block: the bits that are set in the row before it; none where the row is empty. */
  private final int[] @Nullable [] rows;

  /** The block that was looked at last. */
  private volatile Block recent = EMPTY;

  /** The bits of block {@code index}. */
  private static final class Block {
    private final long index;
    private final long[] words;

    Block(long index, long[] words) {
      this.index = index;
      this.words = words;
    }
  }

  private Bitmap(ByteSource file, long offset, long bits) throws VmcoreException {
    this.file = file;
    this.offset = offset;
    long inFile = Math.max(0, file.size() - offset);
    this.bits = inFile < bytes(bits) ? inFile << 3 : bits;
    int count = (int) ((this.bits + (1L << ROW_SHIFT) - 1) >>> ROW_SHIFT);
    before = new long[count + 1];
    rows = new int[count][];
    known = index();
  }

  /**
   * Reads {@code bits} bits from {@code offset} on, once, to count them.
   *
   * @param bits at most {@link #MOST}
   * @throws VmcoreException when the file fails
   */
  static Bitmap read(ByteSource file, long offset, long bits) throws VmcoreException {
    return new Bitmap(file, offset, bits);
  }

  private long index() throws VmcoreException {
    // Native memory, which large reads fill without passing through a mapping.
    int size = (int) Math.min(ROW_BYTES, bytes(bits) + BLOCK_BYTES - 1 & -BLOCK_BYTES);
    try (Scratch scratch = new Scratch(size)) {
      byte[] row = new byte[size];
      for (int r = 0; r < rows.length; r++) {
        long at = (long) r * ROW_BYTES;
        int wanted = (int) Math.min(ROW_BYTES, bytes(bits) - at);
        int got = scratch.read(file, offset + at, wanted);
        before[r + 1] = before[r];
        if (!scratch.isZero(got)) {
          Arrays.fill(row, (byte) 0);
          scratch.copy(row, got);
          count(r, row, got);
        }
        if (got < wanted) { // what lies behind a hole has no rank
          Arrays.fill(before, r + 2, before.length, before[r + 1]);
          return (at + got) << 3;
        }
      }
      return bits;
    }
  }

  private static long bytes(long bits) {
    return (bits + 7) >>> 3;
  }

  private void count(int r, byte[] row, int length) {
    long end = bits - ((long) r << ROW_SHIFT);
    if (end < (long) length << 3) {
      clear(row, (int) end, length);
    }
    MemorySegment words = MemorySegment.ofArray(row);
    int sum = 0;
    int[] counts = null;
    for (int block = 0; block < ROW_BLOCKS && block * BLOCK_BYTES < length; block++) {
      int here = count(words, block * BLOCK_BYTES);
      if (here > 0 && counts == null) {
        counts = new int[ROW_BLOCKS + 1];
      }
      sum += here;
      if (counts != null) {
        counts[block + 1] = sum;
      }
    }
    if (counts != null) {
      int last = (length + BLOCK_BYTES - 1) / BLOCK_BYTES;
      Arrays.fill(counts, last, counts.length, sum);
    }
    rows[r] = counts;
    before[r + 1] = before[r] + sum;
  }

  /** Clears the bits of {@code row} from {@code end} on. */
  private static void clear(byte[] row, int end, int length) {
    int whole = end >>> 3;
    if (whole < length) {
      row[whole] &= (byte) ((1 << (end & 7)) - 1);
      Arrays.fill(row, whole + 1, length, (byte) 0);
    }
  }

  private static int count(MemorySegment words, int from) {
    int sum = 0;
    for (int at = from; at < from + BLOCK_BYTES; at += Long.BYTES) {
      sum += Long.bitCount(words.get(WORD, at));
    }
    return sum;
  }

  /** How many of them are set. */
  long count() {
    return before[rows.length];
  }

  /** How many bits are in the file, up to the first one that isn't. */
  long known() {
    return known;
  }

  /** Whether {@code bit} is set. */
  boolean get(long bit) throws VmcoreException {
    return (word(bit) >>> bit & 1) != 0;
  }

  /** The 64 bits around {@code bit}, which is one of them; those behind the last are 0. */
  long word(long bit) throws VmcoreException {
    return count(bit >>> BLOCK_SHIFT) == 0
        ? 0
        : block(bit >>> BLOCK_SHIFT).words[(int) (bit >>> 6) & BLOCK_WORDS - 1];
  }

  /** How many bits below {@code bit} are set. */
  long rank(long bit) throws VmcoreException {
    if (bit >= bits) {
      return count();
    }
    int r = (int) (bit >>> ROW_SHIFT);
    int[] row = rows[r];
    if (row == null) {
      return before[r];
    }
    long index = bit >>> BLOCK_SHIFT;
    int b = (int) index & ROW_BLOCKS - 1;
    int inBlock = (int) bit & BLOCK - 1;
    if (inBlock == 0 || row[b + 1] == row[b]) {
      return before[r] + row[b];
    }
    long[] words = block(index).words;
    int sum = row[b];
    int last = inBlock >>> 6;
    for (int i = 0; i < last; i++) {
      sum += Long.bitCount(words[i]);
    }
    return before[r] + sum + Long.bitCount(words[last] & (1L << inBlock) - 1);
  }

  /**
   * Behind the empty bits from {@code bit} on that can be passed over without a look at them, at
   * most {@code end}.
   */
  long skipEmpty(long bit, long end) {
    long at = bit;
    while (at < Math.min(bits, end)) {
      if (rows[(int) (at >>> ROW_SHIFT)] == null) {
        at = ((at >>> ROW_SHIFT) + 1) << ROW_SHIFT;
      } else if (count(at >>> BLOCK_SHIFT) == 0) {
        at = ((at >>> BLOCK_SHIFT) + 1) << BLOCK_SHIFT;
      } else {
        return Math.min(at, end);
      }
    }
    return end;
  }

  /** The first bit from {@code bit} on that is set, at most {@code end}. */
  long nextSet(long bit, long end) throws VmcoreException {
    for (long at = bit; at < end; at = (at | Long.SIZE - 1) + 1) {
      at = skipEmpty(at, end);
      long ahead = at < end ? word(at) >>> at : 0;
      if (ahead != 0) {
        return Math.min(end, at + Long.numberOfTrailingZeros(ahead));
      }
    }
    return end;
  }

  /** How many bits of block {@code index} are set. */
  private int count(long index) {
    long r = index >>> (ROW_SHIFT - BLOCK_SHIFT);
    int[] row = r < rows.length ? rows[(int) r] : null;
    int b = (int) index & ROW_BLOCKS - 1;
    return row == null ? 0 : row[b + 1] - row[b];
  }

  private Block block(long index) throws VmcoreException {
    Block block = recent;
    if (block.index != index) {
      block = load(index);
      recent = block;
    }
    return block;
  }

  private Block load(long index) throws VmcoreException {
    byte[] bytes = new byte[BLOCK_BYTES];
    long at = index * BLOCK_BYTES;
    int wanted = (int) Math.min(BLOCK_BYTES, bytes(bits) - at);
    file.readWhole(offset + at, MemorySegment.ofArray(bytes).asSlice(0, wanted));
    long end = bits - (index << BLOCK_SHIFT);
    if (end < BLOCK) {
      clear(bytes, (int) end, BLOCK_BYTES);
    }
    long[] words = new long[BLOCK_WORDS];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int i = 0; i < BLOCK_WORDS; i++) {
      words[i] = segment.get(WORD, (long) i * Long.BYTES);
    }
    return new Block(index, words);
  }
}
