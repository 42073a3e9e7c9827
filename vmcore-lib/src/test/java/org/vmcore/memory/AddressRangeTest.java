package org.vmcore.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AddressRangeTest {
  @Test
  void holdsItsFirstAddressAndNotItsEnd() {
    AddressRange range = AddressRange.ofSize(0x1000, 0x1000);
    assertThat(range.contains(0xfff)).isFalse();
    assertThat(range.contains(0x1000)).isTrue();
    assertThat(range.contains(0x1fff)).isTrue();
    assertThat(range.contains(0x2000)).isFalse();
  }

  @Test
  void mayEndWithTheAddressSpace() {
    AddressRange range = AddressRange.inclusive(-0x1000, -1);
    assertThat(range.end()).isZero();
    assertThat(range.size()).isEqualTo(0x1000);
    assertThat(range.contains(-1)).isTrue();
    assertThat(range.contains(0)).isFalse();
  }

  @Test
  void isWrittenWithBothEnds() {
    assertThat(new AddressRange(0x1000, 0x9fc00)).hasToString("0x1000-0x9fbff");
  }

  @Test
  void overlapsWhereOneAddressLiesInBoth() {
    AddressRange range = new AddressRange(0x1000, 0x2000);
    assertThat(range.overlaps(new AddressRange(0x1fff, 0x3000))).isTrue();
    assertThat(range.overlaps(new AddressRange(0x2000, 0x3000))).isFalse();
    assertThat(range.overlaps(new AddressRange(0, 0x8000))).isTrue();
    assertThat(range.contains(new AddressRange(0x1800, 0x2000))).isTrue();
    assertThat(range.contains(new AddressRange(0x1800, 0x2001))).isFalse();
  }

  @Test
  void isNeverEmptyAndNeverPasses2To64() {
    assertThatThrownBy(() -> AddressRange.ofSize(0x1000, 0))
        .hasMessage("0x1000: a range of 0 bytes");
    assertThatThrownBy(() -> new AddressRange(0x1000, 0x1000))
        .hasMessage("no range of addresses: 0x1000 to 0x1000");
    assertThatThrownBy(() -> AddressRange.ofSize(-0x1000, 0x1001))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AddressRange.inclusive(2, 1)).hasMessage("0x2-0x1: the end is first");
  }
}
