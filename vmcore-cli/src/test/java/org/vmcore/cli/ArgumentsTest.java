package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.vmcore.cli.option.UsageException;

class ArgumentsTest {
  /** Each character is a byte. */
  private static byte[] line(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatWasNotDecodedIsTakenFromTheBytes() {
    byte[] line = line("java\0-jar\0x\0info\0--part=b\u00ff\0\0\u00ef\u00bf\u00bd\0");

    assertThat(Arguments.exact(line, "info", "--part=b\ufffd", "", "\ufffd"))
        .containsExactly("info", "--part=b\udcff", "", "\ufffd");
  }

  @Test
  void argumentsThatAreNotTheSystemsAreRefused() {
    assertThatThrownBy(() -> Arguments.exact(line(""), "\ufffd"))
        .isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> Arguments.exact(line("java\0a\0b\0"), "c", "\ufffd"))
        .isInstanceOf(UsageException.class);
  }

  @Test
  void textIsLeftAlone() {
    String[] args = {"info", "a b"};

    assertThat(Arguments.exact(args)).isSameAs(args);
  }
}
