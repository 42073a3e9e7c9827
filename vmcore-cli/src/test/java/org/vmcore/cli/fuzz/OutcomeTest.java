package org.vmcore.cli.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as a finding. */
class OutcomeTest {
  private static void noJson(String text) {
    throw new IllegalArgumentException("no JSON: " + text);
  }

  private static List<String> findings(int status, String out, String err, String... line) {
    return findings(status, out, err, Duration.ZERO, List.of(), line);
  }

  private static List<String> findings(
      int status, String out, String err, Duration took, List<String> litter, String... line) {
    byte[] stdout = out.getBytes(StandardCharsets.ISO_8859_1);
    byte[] stderr = err.getBytes(StandardCharsets.ISO_8859_1);
    Worker.Result run = new Worker.Result(status, stdout, stderr, took);
    return new Outcome(List.of(line), run, litter).findings(OutcomeTest::noJson);
  }

  @Test
  void whatIsTakenOrRefusedIsNone() {
    assertThat(findings(0, "0x1000\n", "", "segments")).isEmpty();
    assertThat(findings(1, "", "vmcore: dump: no memory\n", "segments")).isEmpty();
    assertThat(findings(0, "\u00ff", "", "read", "--format", "raw")).isEmpty();
    assertThat(findings(1, "", "\u001b[1mvmcore:\u001b[0m no\n", "info", "--color", "always"))
        .isEmpty();
  }

  @Test
  void uncheckedExceptionsAreSeenThoughTheGuardHidesThem() {
    String trace = "\n\tat org.vmcore.Place.method(Place.java:1)\n";
    assertThat(findings(1, "", "vmcore: x\njava.lang.IndexOutOfBoundsException: 5" + trace, "info"))
        .containsExactly(
            "info: threw java.lang.IndexOutOfBoundsException at"
                + " org.vmcore.Place.method(Place.java:1)");
    assertThat(findings(1, "", "vmcore: x\njava.lang.StackOverflowError" + trace, "info"))
        .hasSize(1);
    assertThat(findings(1, "", "vmcore: x\njava.io.IOException: disk" + trace, "info")).isEmpty();
    assertThat(findings(1, "", "vmcore: out of memory: give it more\n", "info")).hasSize(1);
    assertThat(findings(1, "", "vmcore: the file was truncated while it was open\n", "info"))
        .hasSize(1);
  }

  @Test
  void statusTimeLitterAndSilence() {
    assertThat(findings(4, "", "vmcore: x\n", "info")).containsExactly("info: exit status 4");
    assertThat(findings(0, "", "", Duration.ofSeconds(6), List.of(".vmcore-1.tmp"), "info"))
        .containsExactly("info: slow: it took 6 s", "info: litter: .vmcore-1.tmp");
    assertThat(findings(1, "", "", "info")).containsExactly("info: failed without a word");
    assertThat(findings(2, "data", "vmcore: x\n", "info")).hasSize(1);
    assertThat(findings(2, "", "vmcore: x\n", "info", "--json")).isEmpty();
  }

  @Test
  void controlCharactersAndBadText() {
    assertThat(findings(0, "\u001b[2J", "", "notes"))
        .containsExactly("notes: stdout has control character 1b");
    assertThat(findings(0, "", "vmcore: a\tb\n", "notes")).hasSize(1);
    assertThat(findings(0, "\u00ff", "", "notes")).containsExactly("notes: stdout isn't UTF-8");
    assertThat(findings(0, "a\u000bb", "", "log")).isEmpty();
    assertThat(findings(0, "[1]", "", "info", "--json")).hasSize(1);
    assertThat(findings(0, "", "", "info", "--json")).hasSize(1);
  }
}
