package org.vmcore.convert.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.VmcoreException;

class PfnBitmapTest {
  /** Just more than what is kept in memory. */
  private static final long LARGE = (1L << 29) + 64;

  @TempDir Path folder;

  @Test
  void bytesAreThoseOfKdumpCompressedFiles() throws IOException {
    try (PfnBitmap set = PfnBitmap.of(70, folder)) {
      set.set(1, 3);
      set.set(8, 9);
      set.set(69, 70);

      assertThat(bytes(set))
          .containsExactly(0b110, 1, 0, 0, 0, 0, 0, 0, 0b100000, 0, 0, 0, 0, 0, 0, 0);
    }
  }

  private static byte[] bytes(PfnBitmap set) {
    byte[] bytes = new byte[(int) set.size()];
    for (int at = 0; at < bytes.length; ) {
      at += (int) set.read(at, MemorySegment.ofArray(bytes).asSlice(at));
    }
    return bytes;
  }

  /** Of a machine of 64 TiB: what has no bits isn't looked at. */
  @Test
  @Timeout(20)
  void rangesOfAHugeMachineCostLittle() throws IOException {
    long frames = 1L << 34;
    try (PfnBitmap set = PfnBitmap.of(frames, folder);
        PfnBitmap none = PfnBitmap.of(frames, folder)) {
      set.set(100, frames);
      for (int i = 0; i < 500; i++) {
        assertThat(set.count()).isEqualTo(frames - 100);
        assertThat(set.countBoth(none, 0, frames)).isZero();
        assertThat(set.nextClear(100)).isEqualTo(frames);
        assertThat(none.nextSet(0)).isEqualTo(frames);
      }
      assertThat(none.blank(0)).isEqualTo(frames / 8);
      assertThat(set.filled()).isEqualTo(frames / 8);
    }
  }

  @Test
  void blocksWithAndWithoutBits() throws IOException {
    int frames = 200_005;
    Random random = new Random(2);
    BitSet want = new BitSet();
    try (PfnBitmap set = PfnBitmap.of(frames, folder)) {
      for (int i = 0; i < 200; i++) {
        int from = random.nextInt(frames);
        int to = random.nextInt(5) == 0 ? frames : Math.min(frames, from + random.nextInt(90_000));
        if (i % 2 == 0) {
          set.set(from, to);
        } else {
          set.clear(from, to);
        }
        want.set(from, to, i % 2 == 0);
        int at = random.nextInt(frames);
        assertThat(set.get(at)).isEqualTo(want.get(at));
        assertThat(set.nextClear(at)).isEqualTo(Math.min(frames, want.nextClearBit(at)));
        assertThat(set.nextSet(at)).isEqualTo(want.get(at) ? at : next(want, at, frames));
        assertThat(set.count(at, frames)).isEqualTo(want.get(at, frames).cardinality());
        assertThat(Arrays.copyOf(want.toByteArray(), (int) set.size())).isEqualTo(bytes(set));
        assertThat(set.blank(0)).isLessThanOrEqualTo(next(want, 0, frames));
      }
    }
  }

  private static int next(BitSet set, int from, int frames) {
    int found = set.nextSetBit(from);
    return found < 0 ? frames : found;
  }

  @Test
  void isASetOfBits() throws IOException {
    Random random = new Random(1);
    BitSet want = new BitSet();
    try (PfnBitmap set = PfnBitmap.of(1000, folder)) {
      for (int i = 0; i < 2000; i++) {
        int from = random.nextInt(1001);
        int to = from + random.nextInt(Math.min(150, 1001 - from));
        if (random.nextBoolean()) {
          set.set(from, to);
          want.set(from, to);
        } else {
          set.clear(from, to);
          want.clear(from, to);
        }
        int at = random.nextInt(1000);
        assertThat(set.get(at)).isEqualTo(want.get(at));
        assertThat(set.nextSet(at)).isEqualTo(want.nextSetBit(at) < 0 ? 1000 : want.nextSetBit(at));
        assertThat(set.nextClear(at)).isEqualTo(Math.min(1000, want.nextClearBit(at)));
        assertThat(set.count(at, 1000)).isEqualTo(want.get(at, 1000).cardinality());
        assertThat(set.count()).isEqualTo(want.cardinality());
      }
    }
  }

  @Test
  void countsWhatIsInBoth() throws IOException {
    try (PfnBitmap one = PfnBitmap.of(300, folder);
        PfnBitmap other = PfnBitmap.of(200, folder)) {
      one.set(10, 300);
      other.set(0, 150);

      assertThat(one.countBoth(other, 0, 300)).isEqualTo(140);
      assertThat(one.countBoth(other, 64, 128)).isEqualTo(64);
      assertThat(other.countBoth(one, 0, 200)).isEqualTo(140);
    }
  }

  @Test
  void ofNoFrames() throws IOException {
    try (PfnBitmap none = PfnBitmap.of(0, folder)) {
      assertThat(none.count()).isZero();
      assertThat(none.nextSet(0)).isZero();
      assertThat(none.get(0)).isFalse();
    }
  }

  @Test
  void outside() throws IOException {
    try (PfnBitmap set = PfnBitmap.of(10, folder)) {
      set.set(3, 3);

      assertThat(set.get(10)).isFalse();
      assertThat(set.nextSet(50)).isEqualTo(10);
      assertThatThrownBy(() -> set.set(5, 11)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> set.clear(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void largeOneIsAFileWithoutAName() throws IOException {
    try (PfnBitmap set = PfnBitmap.of(LARGE, folder)) {
      set.set(LARGE - 70, LARGE);
      set.clear(LARGE - 2, LARGE - 1);

      assertThat(set.count(LARGE - 100, LARGE)).isEqualTo(69);
      assertThat(set.nextSet(LARGE - 4096)).isEqualTo(LARGE - 70);
      assertThat(set.nextClear(LARGE - 70)).isEqualTo(LARGE - 2);
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).isEmpty();
      }
    }
  }

  @Test
  void nowhereToPutALargeOne() {
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> PfnBitmap.of(LARGE, missing))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(missing + ": no temporary file for a bitmap of 67108872 bytes: ");
  }

  @Test
  void threadsMayChangeTheSameWord() throws Exception {
    try (PfnBitmap set = PfnBitmap.of(64 * 1000, folder)) {
      List<Thread> threads = new ArrayList<>();
      for (int bit = 0; bit < 8; bit++) {
        long own = bit;
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (long word = 0; word < 1000; word++) {
                        set.set(word * 64 + own, word * 64 + own + 1);
                        set.set(word * 64 + 8 + own, word * 64 + 9 + own);
                        set.clear(word * 64 + 8 + own, word * 64 + 9 + own);
                      }
                    }));
      }
      for (Thread each : threads) {
        each.join();
      }

      for (long word = 0; word < 1000; word++) {
        assertThat(set.count(word * 64, word * 64 + 64)).isEqualTo(8);
        assertThat(set.nextClear(word * 64)).isEqualTo(word * 64 + 8);
      }
    }
  }
}
