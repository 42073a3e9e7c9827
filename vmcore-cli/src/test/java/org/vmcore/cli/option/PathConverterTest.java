package org.vmcore.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.values.ExactText;
import picocli.CommandLine.TypeConversionException;

class PathConverterTest {
  @TempDir Path folder;

  private static Path path(String value) {
    return new PathConverter().convert(value);
  }

  @Test
  void bytesThatAreNoTextAreKept() throws IOException {
    byte[] bytes = {'a', (byte) 0xff, (byte) 0xfe, (byte) 0xc3, (byte) 0xa4, '%', ' '};
    String name = ExactText.of(bytes);

    assertThat(name).isEqualTo("a\udcff\udcfe\u00e4% ");
    assertThat(ExactText.bytes(name)).isEqualTo(bytes);
    Files.createFile(path(folder + "/" + name));
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.toUri().getRawPath()))
          .containsExactly(folder.toUri().getRawPath() + "a%FF%FE%C3%A4%25%20");
    }
  }

  @Test
  void aRelativePathStaysSo() {
    Path path = path("../\udc80/./..//b");

    assertThat(path.isAbsolute()).isFalse();
    assertThat(path.getNameCount()).isEqualTo(5);
    assertThat(path.getName(1).toUri().getRawPath()).endsWith("/%80");
    assertThat(path("\udcff/").getNameCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "\u00e4\u20ac", "\ud83d\ude00", "\ufffd", "\ud83d\ude80"})
  void textIsItself(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(ExactText.of(bytes)).isEqualTo(text);
    assertThat(ExactText.hasBytes(text)).isFalse();
    assertThat(ExactText.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\0b", "\udcff\0"})
  void whatIsNoPath(String value) {
    assertThatThrownBy(() -> path(value)).isInstanceOf(TypeConversionException.class);
  }
}
