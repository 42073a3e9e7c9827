package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.testing.CharacterRingBytes;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;

/** Which records of the log are printed, and how their time is. */
class LogOptionsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String ESTIMATED =
      ": the time of day is estimated, to about a second: VMCOREINFO's crash time less the last"
          + " message's";

  @TempDir Path folder;
  private Path dump = Path.of("");

  /** Crashed on 2023-11-14 at 22:13:20. */
  @BeforeEach
  void log() throws IOException {
    KernelDump kernel = new KernelDump().info("CRASHTIME=1700000000");
    new PrintkRingBytes(kernel, 5, 12, 0)
        .add(0, 5, "Linux version")
        .add(10 * SECOND, 4, "WARNING: CPU: 0 PID: 1 at fs/x.c:1 f+0x1/0x2")
        .add(100 * SECOND + 250_000_000, 6, "all is well")
        .add(120 * SECOND, 4, "------------[ cut here ]------------")
        .add(120 * SECOND + 1000, 0, "kernel BUG at fs/inode.c:611!")
        .add(121 * SECOND + 500_000_000, 0, "Kernel panic - not syncing: Fatal exception");
    dump = kernel.dump().writeTo(folder.resolve("vmcore"));
  }

  private static String[] line(String options, Path dump) {
    return (options.replace(' ', '\u0000') + "\u0000" + dump).split("\u0000", -1);
  }

  /** The records' numbers that are printed. */
  private String numbers(String options) {
    StringBuilder numbers = new StringBuilder();
    Run run = Run.of((Object[]) line("log --json " + options, dump));
    run.records("records").forEach(each -> numbers.append(each.get("seq")));
    return numbers.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "--tail 2, 45",
    "--tail 100, 012345",
    "--level warn --tail 1, 3",
    "--since 0, 012345",
    "--since 100, 2345",
    "--since 100.25, 2345",
    "--since 100.2500001s, 345",
    "--since 2m, 345",
    "--since -1.5s, 345",
    "--since=-1, 5",
    "--since -1d, 012345",
    "--since 2023-11-14T22:13:19Z, 5",
    "--since 2023-11-14T23:13:18.499+01:00, 345",
    "--since 2023-11-14T22:11:30, 2345",
    "--since 2023-11-14, 012345",
    "--since @1699999999, 5",
    "--follow-panic, 345",
    "--follow-panic --since -1, 5",
    "--follow-panic --tail 1, 5",
    "--follow-panic --level warn, 3",
  })
  void whatIsPrinted(String options, String expected) {
    assertThat(numbers(options)).isEqualTo(expected);
  }

  @Test
  void aDayOfADateIsTwoWords() {
    assertThat(Run.of("log", "--since", "2023-11-14 22:13:20", dump).lines())
        .containsExactly("[ 121.500000] Kernel panic - not syncing: Fatal exception");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "x", "12x", "1.", ".5", "-", "@", "1.0000000001", "2023-13-01", "12:00", "s"})
  void noTime(String text) {
    Run.of("log", "--since=" + text, dump)
        .misused(
            "vmcore log",
            "Invalid value for option '--since': '"
                + text
                + "' is no time like 12.5 (seconds since the boot), -10s (before the last message),"
                + " 2026-11-28T19:10:04Z or @1795893004");
  }

  @Test
  void moreThanATimeHolds() {
    Run.of("log", "--since", "9999999999d", dump)
        .misused(
            "vmcore log",
            "Invalid value for option '--since': '9999999999d' is more than 100 years");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "4K", "4GiB", "0x10", "99999999999", "\uff11"})
  void noCount(String text) {
    Run.of("log", "--tail", text, dump)
        .misused(
            "vmcore log",
            "Invalid value for option '--tail': '"
                + text
                + "' is no number of messages: 1 to 2147483647");
  }

  @Test
  void theTimeOfDayIsEstimatedWithoutATimekeeper() {
    Run run = Run.of("log", "-T", "--tail", "2", dump);

    assertThat(run.lines())
        .containsExactly(
            "[2023-11-14T22:13:18.500001Z] kernel BUG at fs/inode.c:611!",
            "[2023-11-14T22:13:20.000000Z] Kernel panic - not syncing: Fatal exception");
    run.fails(0, "vmcore: " + dump + ESTIMATED);
    Run.of("log", "--since", "2023-11-14", dump).fails(0, "vmcore: " + dump + ESTIMATED);
    Run json = Run.of("log", "-T", "--json", "--tail", "1", dump);
    assertThat(json.json())
        .containsEntry("boot_time_nsec", "1699999878500000000")
        .containsEntry("boot_time_estimated", true);
    assertThat(json.records("records").getFirst())
        .containsEntry("time", "2023-11-14T22:13:20.000000Z");
  }

  @Test
  void nothingTellsTheTimeOfDay() throws IOException {
    KernelDump kernel = new KernelDump();
    new PrintkRingBytes(kernel, 4, 10, 0).add(SECOND, 6, "x");
    Path file = kernel.dump().writeTo(folder.resolve("untimed"));
    String reason =
        ": the time of day can't be told: neither the kernel's timekeeper can be read, nor does"
            + " VMCOREINFO tell when it crashed";

    Run.of("log", "-T", file).fails(1, "vmcore: " + file + reason);
    Run.of("log", "--since", "2023-11-14", file).fails(1, "vmcore: " + file + reason);
    Run.of("log", "--since", "-1s", file).ok();
  }

  @Test
  void aKernelThatIsWellHasNoCrashToFollow() throws IOException {
    KernelDump kernel = new KernelDump();
    new PrintkRingBytes(kernel, 4, 10, 0).add(SECOND, 6, "all is well");
    Path file = kernel.dump().writeTo(folder.resolve("well"));

    Run.of("log", "--follow-panic", file)
        .fails(1, "vmcore: " + file + ": the log tells of no crash");
  }

  @Test
  void nothingIsLateEnough() {
    String late = "vmcore: " + dump + ": no message that late: the last is at 121.500000 s";
    Run.of("log", "--since", "122", dump).fails(1, late);
    Run.of("log", "--level", "emerg", "--since", "122", dump).fails(1, late);
    Run.of("log", "--level", "err", "--since", "10", dump)
        .fails(1, "vmcore: " + dump + ": no record of these levels from then on");
    Run.of("log", "--level", "err", "--follow-panic", dump)
        .fails(1, "vmcore: " + dump + ": no record of these levels from then on");
  }

  @Test
  void linesOfAnOldKernelGoWithTheTimeInFrontOfThem() throws IOException {
    KernelDump old = new KernelDump().info("CRASHTIME=1700000000");
    new CharacterRingBytes(old, 1 << 10)
        .add("<5>[    1.500000] one\n<4>goes on\n<5>[    2.000000] two\n<6>more\n");
    Path file = old.dump().writeTo(folder.resolve("old"));

    assertThat(Run.of("log", "--since", "2", file).ok().lines())
        .containsExactly("<5>[ 2.000000] two", "<6>more");
    assertThat(Run.of("log", "-T", "--since", "2", file).lines())
        .containsExactly("[2023-11-14T22:13:20.000000Z] two", "more");
  }

  @Test
  void colorsTellLevels() {
    String red = "\u001b[1;31m";
    String yellow = "\u001b[33m";
    String green = "\u001b[32m";
    String end = "\u001b[0m";

    assertThat(Run.of("log", "--color", "always", dump).ok().out())
        .isEqualTo(
            green
                + "[    0.000000]"
                + end
                + " Linux version\n"
                + green
                + "[   10.000000]"
                + end
                + " "
                + yellow
                + "WARNING: CPU: 0 PID: 1 at fs/x.c:1 f+0x1/0x2"
                + end
                + "\n"
                + green
                + "[  100.250000]"
                + end
                + " all is well\n"
                + green
                + "[  120.000000]"
                + end
                + " "
                + yellow
                + "------------[ cut here ]------------"
                + end
                + "\n"
                + green
                + "[  120.000001]"
                + end
                + " "
                + red
                + "kernel BUG at fs/inode.c:611!"
                + end
                + "\n"
                + green
                + "[  121.500000]"
                + end
                + " "
                + red
                + "Kernel panic - not syncing: Fatal exception"
                + end
                + "\n");
    assertThat(Run.of("log", dump).ok().out()).doesNotContain("\u001b");
  }
}
