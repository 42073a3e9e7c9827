package org.vmcore.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Numbers as people read them. */
class ForPeopleTest {
  @Test
  void sizesForPeople() {
    assertThat(HumanSize.of(0)).isEqualTo("0 bytes");
    assertThat(HumanSize.of(1)).isEqualTo("1 byte");
    assertThat(HumanSize.of(1023)).isEqualTo("1023 bytes");
    assertThat(HumanSize.of(1024)).isEqualTo("1 KiB");
    assertThat(HumanSize.of(1536)).isEqualTo("1.5 KiB");
    assertThat(HumanSize.of((1L << 40) - 1)).isEqualTo("1023.9 GiB");
    assertThat(HumanSize.of(-1)).isEqualTo("15.9 EiB");
  }

  @Test
  void crashTimes() {
    assertThat(CrashTime.text(0)).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(CrashTime.text(1_700_000_000)).isEqualTo("2023-11-14T22:13:20Z");
    assertThat(CrashTime.text(-1)).isEqualTo("-1");
    assertThat(CrashTime.text(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
  }
}
