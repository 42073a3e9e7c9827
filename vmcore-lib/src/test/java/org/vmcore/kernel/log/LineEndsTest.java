package org.vmcore.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class LineEndsTest {
  private static final int NEWLINE = 2;
  private static final int CONT = 8;
  private static final Optional<String> ONE = Optional.of("T1");
  private static final Optional<String> OTHER = Optional.of("C1");

  private final LineEnds lines = new LineEnds();

  @Test
  void whatIsMarkedGoesOn() {
    assertThat(lines.goesOn(0, ONE)).isFalse();
    assertThat(lines.goesOn(CONT, ONE)).isTrue();
  }

  @Test
  void aLineThatEndedIsNotGoneOnWith() {
    assertThat(lines.goesOn(NEWLINE, ONE)).isFalse();
    assertThat(lines.goesOn(CONT | NEWLINE, ONE)).isFalse();
    assertThat(lines.goesOn(CONT, ONE)).isFalse();
    assertThat(lines.goesOn(CONT, ONE)).isTrue();
  }

  @Test
  void anothersLineIsAnother() {
    lines.goesOn(0, ONE);
    lines.goesOn(NEWLINE, OTHER);

    assertThat(lines.goesOn(CONT, ONE)).isTrue();
  }
}
