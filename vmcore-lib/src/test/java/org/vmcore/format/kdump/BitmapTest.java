package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/** A bitmap against a {@link BitSet} of the same bits. */
class BitmapTest {
  private static final int OFFSET = 0x123;
  private static final int ROW = 1 << 23;

  @TempDir Path dir;

  /** {@code count} bits in stretches that are empty, full and mixed. */
  static BitSet random(Random random, int count) {
    BitSet bits = new BitSet(count);
    for (int at = 0; at < count; ) {
      int length = Math.min(count - at, 1 + (1 << random.nextInt(22)) - random.nextInt(2));
      switch (random.nextInt(4)) {
        case 0 -> bits.set(at, at + length);
        case 1 -> {
          for (int i = 0; i < Math.min(length, 3000); i++) {
            bits.set(at + random.nextInt(length));
          }
        }
        default -> {}
      }
      at += length;
    }
    return bits;
  }

  /** A file with {@code bits} at {@link #OFFSET}, and ones around them, {@code size} bytes long. */
  private ByteSource file(BitSet bits, int count, int size) throws IOException {
    byte[] file = new byte[OFFSET + (count + 7) / 8 + 100];
    Arrays.fill(file, (byte) 0xff);
    for (int i = 0; i < count; i++) {
      if (!bits.get(i)) {
        file[OFFSET + i / 8] &= (byte) ~(1 << i % 8);
      }
    }
    return ByteSource.open(Files.write(dir.resolve("bits"), Arrays.copyOf(file, size)));
  }

  private static void assertSame(Bitmap bitmap, BitSet bits, int count) throws VmcoreException {
    assertThat(bitmap.count()).isEqualTo(bits.cardinality());
    Random random = new Random(count);
    int rank = 0;
    int ranked = 0;
    for (int at = 0; at < count; at += 1 + random.nextInt(1 + count / 3000)) {
      assertThat(bitmap.get(at)).as("bit %s of %s", at, count).isEqualTo(bits.get(at));
      rank += bits.get(ranked, at).cardinality();
      ranked = at;
      assertThat(bitmap.rank(at)).as("rank of %s of %s", at, count).isEqualTo(rank);
      assertThat(bitmap.word(at)).as("word of %s of %s", at, count).isEqualTo(word(bits, at));
      assertSkipped(bitmap, bits, at, count);
    }
    assertThat(bitmap.rank(count)).isEqualTo(bits.cardinality());
  }

  private static long word(BitSet bits, int at) {
    long[] words = bits.get(at & -64, (at & -64) + 64).toLongArray();
    return words.length == 0 ? 0 : words[0];
  }

  private static void assertSkipped(Bitmap bitmap, BitSet bits, int at, int count)
      throws VmcoreException {
    long skipped = bitmap.skipEmpty(at, count);
    int next = bits.nextSetBit(at);
    long first = next < 0 ? count : next;
    assertThat(skipped).as("from %s of %s", at, count).isBetween((long) at, first);
    if (bits.get(at & -4096, (at & -4096) + 4096).isEmpty()) {
      assertThat(skipped).isEqualTo(next < 0 ? count : next & -4096);
    }
    assertThat(bitmap.skipEmpty(at, at + 1)).isBetween((long) at, at + 1L);
    assertThat(bitmap.nextSet(at, count)).isEqualTo(first);
    assertThat(bitmap.nextSet(at, Math.min(count, at + 70))).isEqualTo(Math.min(first, at + 70));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        7,
        8,
        9,
        63,
        64,
        65,
        4095,
        4096,
        4097,
        12345,
        ROW - 1,
        ROW,
        ROW + 1,
        ROW + 803,
        3 * ROW + 5
      })
  void isWhatIsInTheFile(int count) throws Exception {
    for (int seed = 0; seed < 4; seed++) {
      BitSet bits = random(new Random(seed), count);
      try (ByteSource file = file(bits, count, OFFSET + (count + 7) / 8 + 100)) {
        Bitmap bitmap = Bitmap.read(file, OFFSET, count);
        assertThat(bitmap.known()).isEqualTo(count);
        assertSame(bitmap, bits, count);
      }
    }
  }

  @Test
  void bitsOfAFullRowDontShineThroughAtTheEnd() throws Exception {
    int count = ROW + 13;
    BitSet bits = new BitSet();
    bits.set(0, ROW);
    bits.set(ROW + 12);
    try (ByteSource file = file(bits, count, OFFSET + (count + 7) / 8 + 100)) {
      assertThat(Bitmap.read(file, OFFSET, count).count()).isEqualTo(ROW + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 513, ROW / 8 - 1, ROW / 8, ROW / 8 + 1, ROW / 8 + 700})
  void whatIsBehindTheEndOfTheFileIsNotKnown(int bytes) throws Exception {
    int count = 2 * ROW;
    BitSet bits = random(new Random(bytes), count);
    try (ByteSource file = file(bits, count, OFFSET + bytes)) {
      Bitmap bitmap = Bitmap.read(file, OFFSET, count);
      assertThat(bitmap.known()).isEqualTo(8L * bytes);
      BitSet left = bits.get(0, 8 * bytes);
      assertSame(bitmap, left, 8 * bytes);
      assertThat(bitmap.get(8L * bytes)).isFalse();
      assertThat(bitmap.get(count - 1)).isFalse();
      assertThat(bitmap.rank(count - 1)).isEqualTo(left.cardinality());
      assertThat(bitmap.skipEmpty(8L * bytes, count)).isEqualTo(count);
    }
  }

  @Test
  void aBitmapBehindTheEndOfTheFileIsEmpty() throws Exception {
    try (ByteSource file = file(new BitSet(), 8, 200)) {
      Bitmap bitmap = Bitmap.read(file, 1L << 40, 1000);
      assertThat(bitmap.known()).isZero();
      assertThat(bitmap.count()).isZero();
      assertThat(bitmap.get(999)).isFalse();
    }
  }
}
