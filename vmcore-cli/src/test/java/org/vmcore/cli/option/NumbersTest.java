package org.vmcore.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.memory.AddressRange;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 1000",
    "0x1000, 1000",
    "0XFF, ff",
    "4KiB, 1000",
    "4K, 1000",
    "2MiB, 200000",
    "3G, c0000000",
    "1TiB, 10000000000",
    "0x10KiB, 4000",
    "18446744073709551615, ffffffffffffffff",
    "0xffffffffffffffff, ffffffffffffffff",
    "16777215TiB, ffffff0000000000"
  })
  void numbers(String text, String hex) {
    assertThat(Long.toHexString(Numbers.parse(text))).isEqualTo(hex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "+1", "x", "0x", "1x", "0x1g", "KiB", "4KB", "4kib", "1.5G", "1 ", "٣"})
  void nonsense(String text) {
    assertThatThrownBy(() -> Numbers.parse(text))
        .hasMessage("'" + text + "' is not a number like 4096, 0x1000 or 4KiB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"18446744073709551616", "0x10000000000000000", "16777216TiB", "99999999999999G"})
  void tooLarge(String text) {
    assertThatThrownBy(() -> Numbers.parse(text))
        .hasMessage("'" + text + "' is more than 64 bits hold");
  }

  @Test
  void ranges() {
    assertThat(RangeConverter.parse("0x1000-0x1fff"))
        .isEqualTo(AddressRange.ofSize(0x1000, 0x1000));
    assertThat(RangeConverter.parse("1MiB+4KiB")).isEqualTo(AddressRange.ofSize(0x10_0000, 0x1000));
    assertThat(RangeConverter.parse("5-5")).isEqualTo(AddressRange.ofSize(5, 1));
    assertThat(RangeConverter.parse("0xfffffffffffff000-0xffffffffffffffff"))
        .isEqualTo(AddressRange.ofSize(-4096, 4096))
        .hasToString("0xfffffffffffff000-0xffffffffffffffff");
    assertThat(RangeConverter.parse("0xfffffffffffff000+4KiB"))
        .isEqualTo(AddressRange.ofSize(-4096, 4096));
  }

  @ParameterizedTest
  @CsvSource({
    "5, is no range: FROM-TO or FROM+SIZE",
    "6-5, ends before it begins",
    "6+0, is empty",
    "0-0xffffffffffffffff, is more than 2^63 bytes",
    "0xfffffffffffff000+4097, reaches past 2^64",
    "0x8000000000000000+0xffffffffffffffff, is more than 2^63 bytes"
  })
  void noRanges(String text, String reason) {
    assertThatThrownBy(() -> RangeConverter.parse(text)).hasMessage("'" + text + "' " + reason);
  }
}
