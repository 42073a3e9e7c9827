package org.vmcore.format.kdump;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vmcore.testing.Reading;

class LostPagesTest {
  @Test
  void hasWhatWasAddedAndNoOther() {
    LostPages lost = new LostPages();
    long[] added = {0, 63, 64, 4095, 4096, 1L << 36, (1L << 40) - 1};
    for (long index : added) {
      assertThat(lost.has(index)).isFalse();
      lost.add(index);
    }
    for (long index : added) {
      assertThat(lost.has(index)).isTrue();
    }
    for (long index : new long[] {1, 62, 65, 4094, 4097, 8191, 1L << 35, (1L << 36) + 64}) {
      assertThat(lost.has(index)).as("%s", index).isFalse();
    }
  }

  @Test
  void anAdditionChangesTheCount() {
    LostPages lost = new LostPages();
    int before = lost.count();
    lost.add(7);
    assertThat(lost.count()).isNotEqualTo(before);
  }

  @Test
  void threadsThatAddToOneWordLoseNothing() throws Exception {
    LostPages lost = new LostPages();
    AtomicInteger next = new AtomicInteger();
    Reading.inThreads(
        () -> {
          for (int i = next.getAndIncrement(); i < 10_000; i = next.getAndIncrement()) {
            lost.add(3L * i);
          }
          return true;
        });
    for (int i = 0; i < 30_000; i++) {
      assertThat(lost.has(i)).isEqualTo(i % 3 == 0);
    }
  }
}
