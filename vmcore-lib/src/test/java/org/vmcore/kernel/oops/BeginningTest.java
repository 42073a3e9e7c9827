package org.vmcore.kernel.oops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Where in the log the trouble begins. */
class BeginningTest {
  private static final String FAULT =
      "BUG: kernel NULL pointer dereference, address: 0000000000000000";
  private static final String PANIC = "Kernel panic - not syncing: Fatal exception";
  private static final String WARNING = "WARNING: CPU: 0 PID: 1 at fs/x.c:1 f+0x1/0x2";

  @Test
  void withTheOopsThatThePanicIsOf() {
    assertThat(Logs.of("boot", "more", FAULT, "Oops: 0000 [#1] SMP", PANIC).beginning())
        .hasValue(2);
  }

  @Test
  void withThePanicAlone() {
    assertThat(Logs.of("boot", "Kernel panic - not syncing: sysrq triggered crash").beginning())
        .hasValue(1);
  }

  @Test
  void withWhatStandsInFrontOfTheReport() {
    assertThat(
            Logs.of(
                    "boot",
                    "list_del corruption. prev->next should be 1, but was 2",
                    "------------[ cut here ]------------",
                    "kernel BUG at lib/list_debug.c:62!",
                    "invalid opcode: 0000 [#1] SMP",
                    PANIC)
                .beginning())
        .hasValue(1);
  }

  @Test
  void withAReportLessThanAMinuteBefore() {
    assertThat(new Logs().log("boot", WARNING).after(58).log(FAULT, PANIC).report().beginning())
        .hasValue(1);
    assertThat(new Logs().log("boot", WARNING).after(59).log(FAULT, PANIC).report().beginning())
        .hasValue(2);
  }

  @Test
  void recordsOfSeveralLinesAndContinuationsCountOnce() {
    assertThat(
            new Logs()
                .log("a\nb\nc")
                .goOn(" of c")
                .ofProgram("x")
                .log(FAULT, PANIC)
                .report()
                .beginning())
        .hasValue(3);
  }

  @Test
  void alsoInALogOfMoreLinesThanAreKept() {
    Logs logs = new Logs();
    for (int i = 0; i < 150_000; i++) {
      logs.log("line");
    }
    assertThat(logs.log(FAULT, PANIC).report().beginning()).hasValue(150_000);
  }

  @Test
  void nowhereWhereThereIsNoCrash() {
    assertThat(Logs.of("boot", "all is well").beginning()).isEmpty();
  }
}
