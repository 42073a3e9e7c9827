package org.vmcore.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.open.RamMap.Range;

class RamMapTest {
  @Test
  void rangesAreInOrderOfAddress() {
    assertThat(RamMap.parse("0x100000000-0x13fffffff@0x80000000,0-0x7fffffff@0").ranges())
        .containsExactly(
            new Range(0, 0x7fff_ffff, 0), new Range(0x1_0000_0000L, 0x1_3fff_ffffL, 0x8000_0000L));
  }

  @Test
  void numbersWithout0xAreDecimal() {
    assertThat(RamMap.parse("010-4095@08").ranges()).containsExactly(new Range(10, 4095, 8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0-1", "1@0", "1-0@0", "0-1@", "#0-1@0", "0-0xfff@0,0xfff-0x1000@0x1000"})
  void whatIsNoMapIsRefused(String text) {
    assertThatThrownBy(() -> RamMap.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
