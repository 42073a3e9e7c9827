package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.io.ByteSource;

class MemoryRangesTest {
  private static final int MOST = MemoryRanges.MOST;

  @TempDir Path dir;

  private MemoryRanges of(BitSet exists, int end) throws Exception {
    KdumpHeader header = PageMapTest.header(2L * ((end + 32767) / 32768));
    try (ByteSource file =
        PageMapTest.file(dir.resolve("f"), header, Long.MAX_VALUE, exists, new BitSet())) {
      return MemoryRanges.of(PageMap.read(file, header, end));
    }
  }

  /** Every page frame that exists is in one, in ascending order, with gaps between them. */
  private static void assertCover(MemoryRanges ranges, BitSet exists) {
    BitSet covered = new BitSet();
    long last = -1;
    for (int i = 0; i < ranges.count(); i++) {
      assertThat(ranges.from(i)).isGreaterThan(last).isLessThan(ranges.to(i));
      assertThat(exists.get((int) ranges.from(i))).isTrue();
      assertThat(exists.get((int) ranges.to(i) - 1)).isTrue();
      assertThat(last < 0 || ranges.from(i) - last > ranges.gap()).isTrue();
      covered.set((int) ranges.from(i), (int) ranges.to(i));
      last = ranges.to(i);
    }
    BitSet missing = (BitSet) exists.clone();
    missing.andNot(covered);
    assertThat(missing.isEmpty()).isTrue();
  }

  @Test
  void eachStretchIsARange() throws Exception {
    BitSet exists = new BitSet();
    exists.set(3, 10);
    exists.set(11);
    exists.set(5000, 20000);
    MemoryRanges ranges = of(exists, 20000);
    assertThat(ranges.count()).isEqualTo(3);
    assertThat(ranges.gap()).isZero();
    assertThat(new long[] {ranges.from(0), ranges.to(0), ranges.from(1), ranges.to(1)})
        .containsExactly(3, 10, 11, 12);
    assertThat(new long[] {ranges.from(2), ranges.to(2)}).containsExactly(5000, 20000);
  }

  @Test
  void rangesOfAnySizeAtAnyPlaceOfAWord() throws Exception {
    Random random = new Random(2);
    for (int i = 0; i < 20; i++) {
      BitSet exists = new BitSet();
      int end = 1 + random.nextInt(3000);
      for (int at = random.nextInt(70); at < end; at += 1 + random.nextInt(130)) {
        int to = Math.min(end, at + random.nextInt(130));
        exists.set(at, to);
        at = to;
      }
      MemoryRanges ranges = of(exists, end);
      int at = exists.nextSetBit(0);
      for (int k = 0; k < ranges.count(); k++) {
        assertThat(ranges.from(k)).isEqualTo(at);
        assertThat(ranges.to(k)).isEqualTo(exists.nextClearBit(at));
        at = exists.nextSetBit(exists.nextClearBit(at));
      }
      assertThat(at).isNegative();
    }
  }

  @Test
  void asManyAsAreToldApart() throws Exception {
    BitSet exists = new BitSet();
    for (int i = 0; i < MOST; i++) {
      exists.set(2 * i);
    }
    MemoryRanges ranges = of(exists, 2 * MOST);
    assertThat(ranges.count()).isEqualTo(MOST);
    assertThat(ranges.gap()).isZero();
    assertCover(ranges, exists);
  }

  @Test
  void oneMoreIsJoinedOverGapsOfOnePage() throws Exception {
    BitSet exists = new BitSet();
    for (int i = 0; i <= MOST; i++) {
      exists.set(2 * i);
    }
    MemoryRanges ranges = of(exists, 2 * MOST + 1);
    assertThat(ranges.count()).isEqualTo(1);
    assertThat(ranges.gap()).isEqualTo(1);
    assertCover(ranges, exists);
  }

  @Test
  void widerGapsAreJoinedLast() throws Exception {
    Random random = new Random(1);
    BitSet exists = new BitSet();
    int end = 0;
    for (int i = 0; i < 3 * MOST; i++) {
      end += 1 + (1 << random.nextInt(7));
      exists.set(end);
    }
    MemoryRanges ranges = of(exists, end + 1);
    assertThat(ranges.count()).isBetween(100, MOST);
    assertThat(ranges.gap()).isBetween(2L, 32L);
    assertCover(ranges, exists);
  }
}
