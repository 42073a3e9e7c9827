package org.vmcore.debuginfo.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodeFillingTest {
  private static int start(CodeFilling filling, String code) {
    byte[] bytes = HexFormat.of().parseHex(code);
    return filling.start(bytes, 0, bytes.length);
  }

  /** What GNU as fills with, from one byte on, and breakpoints. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cccccccc",
        "90",
        "6690",
        "0f1f00",
        "0f1f4000",
        "0f1f440000",
        "660f1f440000",
        "0f1f8000000000",
        "0f1f840000000000",
        "662e0f1f840000000000",
        "6666662e0f1f84000000000090",
        "cc662e0f1f8400000000000f1f00"
      })
  void fillingOfX86(String filling) {
    assertThat(start(CodeFilling.X86, "c3" + filling)).isEqualTo(1);
    assertThat(start(CodeFilling.X86, filling)).isZero();
  }

  @Test
  void codeIsNone() {
    assertThat(start(CodeFilling.X86, "cccc0f1f00c3")).isEqualTo(6);
    assertThat(start(CodeFilling.X86, "e8000000")).isEqualTo(4);
    assertThat(start(CodeFilling.NONE, "9090")).isEqualTo(2);
  }

  @Test
  void fillingOfArm64() {
    assertThat(start(CodeFilling.ARM64, "c0035fd61f2003d500000000")).isEqualTo(4);
    assertThat(start(CodeFilling.ARM64, "c0035fd6")).isEqualTo(4);
  }
}
