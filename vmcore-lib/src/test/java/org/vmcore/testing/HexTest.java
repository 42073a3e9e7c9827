package org.vmcore.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HexTest {
  @Test
  void bytesTextsAndRepetitions() {
    assertThat(Hex.bytes("00 7fff 'a#'*2 # \"not this\"\n 0102*2 ''".replace('\'', '"')))
        .containsExactly(0, 0x7f, 0xff, 'a', '#', 'a', '#', 1, 2, 1, 2);
  }

  @Test
  void upToAnOffsetThereAreZeros() {
    assertThat(Hex.bytes("01 @0x4 02 @0x5 03")).containsExactly(1, 0, 0, 0, 2, 3);
  }

  @Test
  void anOffsetThatIsPassedIsRefused() {
    assertThatThrownBy(() -> Hex.bytes("\n01 02 @0x1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("line 2: 0x2 bytes are in front of it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "012", "0x10", "AB", "\"a", "01*", "01 *2", "@10", "$"})
  void whatIsNotUnderstoodIsRefused(String text) {
    assertThatThrownBy(() -> Hex.bytes("00\n" + text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("line 2");
  }
}
