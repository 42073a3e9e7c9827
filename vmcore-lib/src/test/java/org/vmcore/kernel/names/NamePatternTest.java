package org.vmcore.kernel.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {
  private static boolean matches(NamePattern pattern, String name) {
    byte[] bytes = ("<" + name + ">").getBytes(StandardCharsets.UTF_8);
    return pattern.matches(bytes, 1, bytes.length - 2);
  }

  @ParameterizedTest
  @CsvSource({
    "*, ''",
    "*, anything",
    "pan*, panic",
    "pan*, pan",
    "*nic, panic",
    "p*n*c, panic",
    "p?nic, panic",
    "**, x",
    "*_*_*, do_sys_open",
    "[a-p]anic, panic",
    "[!a-o]anic, panic",
    "[^q]anic, panic",
    "[]p]anic, panic",
    "x[-]y, x-y",
    "x[a-]y, x-y",
    "x[, x[",
    "a*aab, aaaab",
  })
  void matching(String pattern, String name) {
    assertThat(matches(NamePattern.glob(pattern), name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "pan*, pa",
    "pan*, oppan",
    "*nic, panics",
    "p?nic, pnic",
    "?, ''",
    "?, xy",
    "[a-o]anic, panic",
    "[!p]anic, panic",
    "[ab, a",
    "panic, panics",
  })
  void notMatching(String pattern, String name) {
    assertThat(matches(NamePattern.glob(pattern), name)).isFalse();
  }

  @Test
  void anExactNameHasNoSpecialCharacters() {
    assertThat(matches(NamePattern.exactly("a*"), "a*")).isTrue();
    assertThat(matches(NamePattern.exactly("a*"), "ab")).isFalse();
    assertThat(NamePattern.isGlob("panic")).isFalse();
    assertThat(NamePattern.isGlob("pan?c")).isTrue();
  }

  @Test
  void manyStarsTakeNoExponentialTime() {
    NamePattern pattern = NamePattern.glob("*a".repeat(500) + "b");
    assertThat(matches(pattern, "a".repeat(4000))).isFalse();
  }
}
