package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static final int MOST = (512 << 10) / 4096;

  private final ReadAhead ahead = new ReadAhead(4096);

  @Test
  void aJumpTakesOnePage() {
    ahead.read(10);
    assertThat(ahead.isStraight(500)).isFalse();
    assertThat(ahead.window(500, 1)).isEqualTo(1);
  }

  @Test
  void aStraightReadTakesEverMoreUpToItsBound() {
    int window = 1;
    long next = 1000;
    ahead.read(next - 1);
    for (int i = 0; i < 12; i++) {
      assertThat(ahead.isStraight(next)).isTrue();
      int now = ahead.window(next, 1);
      assertThat(now).isBetween(Math.min(window + 1, MOST), MOST);
      window = now;
      next += window;
      ahead.read(next - 1);
    }
    assertThat(window).isEqualTo(MOST);
  }

  @Test
  void aJumpEndsIt() {
    for (int i = 0; i < 5; i++) {
      ahead.read(99);
      ahead.window(100, 1);
    }
    ahead.window(5000, 1);
    ahead.read(5000);
    assertThat(ahead.window(5001, 1)).isLessThanOrEqualTo(8);
  }

  @Test
  void whatIsWantedIsTakenAtOnceWithinTheBound() {
    assertThat(ahead.window(5000, 20)).isEqualTo(20);
    assertThat(ahead.window(9000, 1L << 50)).isEqualTo(MOST);
    assertThat(new ReadAhead(1 << 20).window(5000, 99)).isEqualTo(1);
  }
}
