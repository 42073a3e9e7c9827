package org.vmcore.values;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AscendingTest {
  private static final long[] NUMBERS = {2, 2, 5, Long.MIN_VALUE, -1, 0};
  private static final int COUNT = 5;

  private static int floor(long key) {
    int found = Ascending.floor(NUMBERS, COUNT, key);
    assertThat(Ascending.floor(i -> NUMBERS[i], COUNT, key)).isEqualTo(found);
    return found;
  }

  @Test
  void theLastOneThatIsNotAbove() {
    assertThat(floor(5)).isEqualTo(2);
    assertThat(floor(6)).isEqualTo(2);
  }

  @Test
  void ofEqualOnesTheLast() {
    assertThat(floor(2)).isEqualTo(1);
  }

  @Test
  void noneWhenAllAreAbove() {
    assertThat(floor(1)).isEqualTo(-1);
    assertThat(Ascending.floor(NUMBERS, 0, 1)).isEqualTo(-1);
  }

  @Test
  void numbersAreUnsigned() {
    assertThat(floor(Long.MAX_VALUE)).isEqualTo(2);
    assertThat(floor(Long.MIN_VALUE)).isEqualTo(3);
    assertThat(floor(-1)).isEqualTo(4);
  }
}
