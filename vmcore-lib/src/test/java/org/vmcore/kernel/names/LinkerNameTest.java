package org.vmcore.kernel.names;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkerNameTest {
  @ParameterizedTest
  @CsvSource({
    "__sched_text_start, true",
    "__noinstr_text_end, true",
    "__start___ex_table, true",
    "__stop___ex_table, true",
    "__end_init_task, true",
    "__schedule, false",
    "rest_init, false",
    "hrtimer_start, false",
    "_start, false",
  })
  void namesOfSections(String name, boolean isLinkers) {
    assertThat(LinkerName.is(name)).isEqualTo(isLinkers);
  }
}
