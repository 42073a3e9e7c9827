package org.vmcore.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.AddressRange;

class VisitedRangesTest {
  private final VisitedRanges visited = new VisitedRanges();

  private List<AddressRange> visit(long first, long last) {
    return visited.visit(AddressRange.inclusive(first, last));
  }

  private static AddressRange range(long first, long last) {
    return AddressRange.inclusive(first, last);
  }

  @Test
  void whatOverlapsIsVisitedOnce() {
    assertThat(visit(10, 19)).containsExactly(range(10, 19));
    assertThat(visit(10, 19)).isEmpty();
    assertThat(visit(12, 15)).isEmpty();
    assertThat(visit(15, 24)).containsExactly(range(20, 24));
    assertThat(visit(30, 39)).containsExactly(range(30, 39));
    assertThat(visit(0, 99)).containsExactly(range(0, 9), range(25, 29), range(40, 99));
  }

  @Test
  void addressesAreUnsignedUpToTheLastOne() {
    assertThat(visit(-100, -1)).containsExactly(range(-100, -1));
    assertThat(visit(Long.MAX_VALUE, -50)).containsExactly(range(Long.MAX_VALUE, -101));
    assertThat(visit(0, -1)).containsExactly(range(0, Long.MAX_VALUE - 1));
    assertThat(visit(0, -1)).isEmpty();
  }

  @Test
  void anyRangesAgainstSingleAddresses() {
    Random random = new Random(1);
    BitSet seen = new BitSet();
    for (int i = 0; i < 300; i++) {
      int from = random.nextInt(2000);
      int to = from + random.nextInt(60);
      BitSet fresh = new BitSet();
      for (AddressRange each : visit(from, to)) {
        fresh.set((int) each.start(), (int) each.last() + 1);
      }
      BitSet expected = new BitSet();
      expected.set(from, to + 1);
      expected.andNot(seen);
      assertThat(fresh).isEqualTo(expected);
      seen.set(from, to + 1);
    }
  }
}
