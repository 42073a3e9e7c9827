package org.vmcore.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class RamMapArgumentTest {
  @ParameterizedTest
  @ValueSource(strings = {"bank", "a\udcff\udcfeb", "\u00e4", "a@b:c"})
  void aFileIsNamedByItsPathOrItsLastName(String name) {
    Path first = new PathConverter().convert("/ram/first");
    Path second = new PathConverter().convert("/ram/" + name);

    for (String given : List.of(name, "/ram/" + name, "/ram//" + name)) {
      var map = new RamMapConverter().convert("0-0xfff@first:0,0x1000-0x1fff@" + given + ":0x20");

      assertThat(map.of(List.of(first, second)).ranges().getLast().file()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0-0xfff@:0", "0-0xfff@a\0:0", "0-0xfff"})
  void whatNamesNoFile(String map) {
    assertThatThrownBy(() -> new RamMapConverter().convert(map))
        .isInstanceOf(TypeConversionException.class);
  }
}
