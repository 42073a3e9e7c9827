package org.vmcore.convert.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PfnRanksTest {
  @TempDir Path scratch;

  @Test
  void eachFrameIsFoundByItsRank() throws Exception {
    Random random = new Random(4);
    try (PfnBitmap set = PfnBitmap.of(100_000, scratch)) {
      for (int i = 0; i < 60; i++) {
        long from = random.nextInt(99_000);
        set.set(from, from + random.nextInt(900));
      }
      PfnRanks ranks = PfnRanks.of(set);
      assertThat(ranks.count()).isEqualTo(set.count());
      long rank = 0;
      for (long pfn = set.nextSet(0); pfn < set.frames(); pfn = set.nextSet(pfn + 1)) {
        assertThat(ranks.select(rank)).isEqualTo(pfn);
        rank++;
      }
      assertThat(ranks.select(rank)).isEqualTo(100_000);
    }
  }

  @Test
  void anEmptySetHasNone() throws Exception {
    try (PfnBitmap set = PfnBitmap.of(10, scratch);
        PfnBitmap none = PfnBitmap.of(0, scratch)) {
      assertThat(PfnRanks.of(set).count()).isZero();
      assertThat(PfnRanks.of(set).select(0)).isEqualTo(10);
      assertThat(PfnRanks.of(none).select(0)).isZero();
    }
  }

  @Test
  void aHugeSetHasASmallIndex() throws Exception {
    long frames = 1L << 33;
    try (PfnBitmap set = PfnBitmap.of(frames, scratch)) {
      set.set(frames - 2, frames);
      set.set(17, 18);
      assertThat(PfnRanks.of(set).select(2)).isEqualTo(frames - 1);
    }
  }
}
