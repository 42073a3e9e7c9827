package org.vmcore.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SearchTest {
  private static final Search.Listener NOBODY = new Search.Listener() {};

  @Test
  void aLimitThatWasSetStaysEvenIfItIsTheDefault() {
    assertThat(Search.DEFAULT.bytes()).isEqualTo(Search.LIMIT);
    assertThat(Search.DEFAULT.withDefault(4096).bytes()).isEqualTo(4096);
    assertThat(new Search(Search.LIMIT, NOBODY).withDefault(4096).bytes()).isEqualTo(Search.LIMIT);
    assertThat(new Search(0, NOBODY).withDefault(4096).bytes()).isZero();
  }

  @Test
  void aLimitIsNotNegative() {
    assertThatThrownBy(() -> new Search(-1, NOBODY)).isInstanceOf(IllegalArgumentException.class);
  }
}
