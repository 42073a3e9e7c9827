package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.PrintkRingBytes.FINALIZED;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.testing.CharacterRingBytes;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;

class LogCommandTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir Path folder;
  private final KernelDump kernel = new KernelDump();
  private PrintkRingBytes ring = new PrintkRingBytes(kernel, 4, 10, 0);

  private Path dump() throws IOException {
    return kernel.dump().writeTo(folder.resolve("vmcore"));
  }

  @BeforeEach
  void threeRecords() {
    ring =
        ring.add(1_999, 5, "Linux version")
            .add(12 * SECOND + 345_678_999, 6, "two\nlines\tand \u00e9\u001b")
            .add(123_456 * SECOND, 3, "");
  }

  @Test
  void linesAreThoseOfVmcoreDmesg() throws IOException {
    assertThat(Run.of("log", dump()).ok().out())
        .isEqualTo(
            """
            [    0.000001] Linux version
            [   12.345678] two
            lines\tand \\xc3\\xa9\\x1b
            [123456.000000]\s
            """);
  }

  @Test
  void dmesgIsTheSame() throws IOException {
    assertThat(Run.of("dmesg", dump()).ok().bytes()).isEqualTo(Run.of("log", dump()).bytes());
    assertThat(Run.of("dmesg", "--help").ok().out()).contains("vmcore log");
  }

  @Test
  void json() throws IOException {
    ring.add(
        FINALIZED, SECOND, 2 << 5 | 8, 0x8000_0001L, "c".getBytes(StandardCharsets.UTF_8), false);
    Path dump = dump();

    Run run = Run.of("log", "--json", dump).ok();

    assertThat(run.json()).containsEntry("command", "log").containsEntry("schema", 1L);
    List<Map<String, Object>> records = run.records("records");
    assertThat(records).hasSize(4);
    assertThat(records.get(1))
        .containsExactly(
            Map.entry("seq", 1L),
            Map.entry("ts_nsec", "12345678999"),
            Map.entry("level", 6L),
            Map.entry("facility", 0L),
            Map.entry("caller", "T0"),
            Map.entry("text", "two\nlines\tand \u00e9\u001b"));
    assertThat(records.get(3))
        .containsEntry("caller", "C1")
        .containsEntry("level", 2L)
        .containsEntry("continuation", true);
  }

  @ParameterizedTest
  @CsvSource({
    "err, 3",
    "3, 3",
    "'notice,info', 56",
    "notice+, 35",
    "+notice, 56",
    "+info, 6",
    "err+, 3",
    "+emerg, 356",
    "debug+, 356"
  })
  void levels(String levels, String expected) throws IOException {
    StringBuilder found = new StringBuilder();
    for (Map<String, Object> record :
        Run.of("log", "--level", levels, "-j", dump()).ok().records("records")) {
      found.append(record.get("level"));
    }
    assertThat(found.chars().sorted().toArray()).isEqualTo(expected.chars().sorted().toArray());
  }

  @ParameterizedTest
  @CsvSource({"loud, loud", "'err,', ''", "8, 8", "'+err+', '+err+'"})
  void noLevel(String levels, String which) throws IOException {
    Run.of("log", "--level", levels, dump())
        .misused(
            "vmcore log",
            "Invalid value for option '--level': '"
                + which
                + "' is no level: emerg, alert, crit, err, warn, notice, info, debug or 0 to 7");
  }

  @Test
  void noRecordOfALevelIsNothingFound() throws IOException {
    Path dump = dump();
    String line = "vmcore: " + dump + ": no record of these levels";

    assertThat(Run.of("log", "--level", "emerg", dump).fails(1, line).out()).isEmpty();
    assertThat(Run.of("log", "--level", "emerg", "-j", dump).fails(1, line).records("records"))
        .isEmpty();
  }

  @Test
  void noRecordOfALevelInADamagedLogIsDamage() throws IOException {
    ring.state(1, 7);
    Path dump = dump();

    Run run = Run.of("log", "--level", "emerg", dump);

    assertThat(run.err().lines())
        .hasSize(2)
        .last()
        .asString()
        .endsWith("no record of these levels");
    assertThat(run.status()).isEqualTo(3);
  }

  @Test
  void aLogWithoutRecordsIsEmpty() throws IOException {
    for (int id = 0; id < 4; id++) {
      ring.state(id, 3L << 62 | id);
    }
    ring.ids(3, 3);
    Path dump = dump();
    String line = "vmcore: " + dump + ": the kernel's log is empty";

    assertThat(Run.of("log", dump).fails(1, line).out()).isEmpty();
    assertThat(Run.of("log", "--level", "emerg", "-j", dump).fails(1, line).records("records"))
        .isEmpty();
  }

  @Test
  void aTextForWhichThereWasNoRoomIsTold() throws IOException {
    kernel.u64(PrintkRingBytes.DESCS + 48 + 8, 1).u64(PrintkRingBytes.DESCS + 48 + 16, 1);
    Path dump = dump();

    assertThat(Run.of("log", dump).ok().lines()).last().isEqualTo("[123456.000000]");
    assertThat(Run.of("log", "-j", dump).ok().records("records"))
        .extracting(record -> record.get("text_lost"))
        .containsExactly(null, null, true);
  }

  @Test
  void aDamagedRingIsReadAsFarAsItHolds() throws IOException {
    ring.state(1, 7);
    Path dump = dump();

    Run run =
        Run.of("log", dump)
            .fails(
                3,
                "vmcore: "
                    + dump
                    + ": log: a record is damaged, behind seq 0 at [    0.000001]: descriptor 0x1"
                    + " holds the state 0x7");
    assertThat(run.out()).startsWith("[    0.000001] Linux version\n[123456");
  }

  @Test
  void excludedRecordsAreTold() throws IOException {
    kernel.excludedFrom(PrintkRingBytes.DATA + 24);
    Path dump = dump();

    Run.of("log", dump)
        .fails(
            0,
            "vmcore: %s: log: a record can't be read, seq 1 at [   12.345678]: text at 0x%x: excluded from the dump"
                .formatted(dump, PrintkRingBytes.DATA + 32));
  }

  @Test
  void aLogThatIsLostIsToldInOneLine() throws IOException {
    kernel.lostFrom(PrintkRingBytes.PRB);
    Path dump = dump();
    String line = "vmcore: %s: log: prb at 0x%x: lost".formatted(dump, PrintkRingBytes.PRB);

    assertThat(Run.of("log", dump).fails(3, line).out()).isEmpty();
    assertThat(Run.of("log", "--json", dump).fails(3, line).records("records")).isEmpty();
  }

  @Test
  void aLogThatWasExcludedIsNotFound() throws IOException {
    kernel.excludedFrom(PrintkRingBytes.PRB);
    Path dump = dump();
    String line =
        "vmcore: %s: log: prb at 0x%x: excluded from the dump".formatted(dump, PrintkRingBytes.PRB);

    assertThat(Run.of("log", dump).fails(1, line).out()).isEmpty();
    assertThat(Run.of("log", "--json", dump).fails(1, line).records("records")).isEmpty();
  }

  @Test
  void noLogIsAnErrorWithAnEmptyListInJson() throws IOException {
    Path dump = Dumps.small(folder);
    String line = "vmcore: " + dump + ": VMCOREINFO tells neither of prb nor of log_buf";

    assertThat(Run.of("log", dump).fails(1, line).out()).isEmpty();
    assertThat(Run.of("log", "--json", dump).fails(1, line).records("records")).isEmpty();
  }

  private Path oldKernel(String text) throws IOException {
    KernelDump old = new KernelDump();
    new CharacterRingBytes(old, 1 << 10).add(text);
    return old.dump().writeTo(folder.resolve("old"));
  }

  @Test
  void theTextOfKernelsBefore35IsAsItIs() throws IOException {
    String text = "<5>[    1.500000] Linux \u00e9\n<4>[drm] x\nno level\n<6>no end";

    assertThat(Run.of("log", oldKernel(text)).ok().out()).isEqualTo(text);
    assertThat(Run.of("log", oldKernel("<6>a\u001b[2J\u00e9\n")).ok().out())
        .isEqualTo("<6>a\\x1b[2J\\xc3\\xa9\n");
  }

  @Test
  void itsLinesAreRecords() throws IOException {
    Path old = oldKernel("<5>[    1.500000] Linux\n<30>systemd: x\nno level\n");

    assertThat(Run.of("log", "--json", old).ok().records("records"))
        .containsExactly(
            Map.of("ts_nsec", "1500000000", "level", 5L, "facility", 0L, "text", "Linux"),
            Map.of("level", 6L, "facility", 3L, "text", "systemd: x"),
            Map.of("text", "no level"));
    assertThat(Run.of("log", "--level", "+emerg", old).ok().out()).contains("no level");
    assertThat(Run.of("log", "--level", "info", old).ok().out()).isEqualTo("<30>systemd: x\n");
  }
}
