package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.testing.DumpBuilder;
import picocli.CommandLine;

class MainTest {
  private static final List<String> COMMANDS =
      List.of(
          "info",
          "crash",
          "segments",
          "chunks",
          "notes",
          "vmcoreinfo",
          "read",
          "extract",
          "search",
          "pages",
          "map",
          "verify",
          "log",
          "symbol",
          "type",
          "translate",
          "ps",
          "modules",
          "bt",
          "list",
          "remoteproc",
          "coresight",
          "gdb",
          "core",
          "convert",
          "debuginfo",
          "build",
          "prepare",
          "devcoredump",
          "completion",
          "man");

  @TempDir Path folder;

  @Test
  void everyCommandHasHelpWithExamples() {
    for (String command : COMMANDS) {
      Run help = Run.of(command, "--help").ok();
      assertThat(help.out())
          .startsWith("Usage: vmcore " + command)
          .contains("Examples:\n  vmcore " + command);
      assertThat(Run.of("help", command).ok().out()).isEqualTo(help.out());
    }
  }

  @Test
  void helpListsTheCommands() {
    assertThat(Run.of("--help").ok().out())
        .contains(COMMANDS)
        .contains("Exit status:", "  141   nobody reads the output any more")
        .contains("  129   ", "  130   ", "  143   ");
  }

  @Test
  void helpNeedsNoWideScreen() {
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      assertThat(command.getUsageMessage().lines())
          .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }
  }

  @Test
  void version() {
    assertThat(Run.of("--version").ok().lines())
        .hasSize(6)
        .anyMatch(line -> line.startsWith("vmcore "))
        .anyMatch(line -> line.startsWith("formats: ELF"))
        .anyMatch(line -> line.contains("kdump-compressed") && line.contains("LiME, raw memory"))
        .contains("codecs: zlib, lzo1x, snappy, zstd");
  }

  @Test
  void colours() {
    assertThat(Run.of("--color=always", "--help").out()).contains("\u001b[");
    assertThat(Run.of("info", "--color", "always", "/nowhere").err()).contains("\u001b[");
    assertThat(Run.of("--color=never", "--help").out()).doesNotContain("\u001b");
    assertThat(Run.of("info", "/nowhere").err()).doesNotContain("\u001b");
  }

  @Test
  void wrongUsage() {
    Run.of().misused("vmcore", "Missing command");
    Run.of("inof", "x").misused("vmcore", "There is no command 'inof': did you mean info?");
    Run.of("info").misused("vmcore info", "Missing required parameter: 'DUMP'");
    Run.of("info", "--nonsense", "x").misused("vmcore info", "Unknown option: '--nonsense'");
    Run.of("chunks", "a", "b").misused("vmcore chunks", "Unexpected argument: 'b'");
    Run.of("info", "-p", "x").misused("vmcore info", "--pretty has no effect without --json");
    Run.of("chunks", "-j", "--no-header", "x")
        .fails(2, "vmcore: --no-header has no effect with --json", "Try 'vmcore chunks --help'.");
    Run.of("info", "--padding", "ones", "x")
        .misused(
            "vmcore info", "Invalid value for option '--padding': 'ones' is none of zero, oldmem");
  }

  @Test
  void controlCharactersOfTheCommandLineAreEscaped() {
    Run.of("\u001b[2J").misused("vmcore", "There is no command '\\x1b[2J'");
    Run.of("a\udcff").misused("vmcore", "There is no command 'a\\xff'");
    Run.of("info", "/no\u001bwhere").fails(1, "vmcore: /no\\x1bwhere: no such file or directory");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "info",
        "crash",
        "segments",
        "chunks",
        "notes",
        "vmcoreinfo",
        "pages",
        "verify",
        "remoteproc"
      })
  void whatIsNoDumpIsRefusedInOneLine(String command) throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no dump");
    String reason =
        ": offset 0x0: not a dump of a known format (it begins with 6e 6f 20 64 75 6d 70): ELF,"
            + " kdump-compressed, LiME and s390's stand-alone files can be read, raw memory with"
            + " --ram-map";

    assertThat(Run.of(command, text).fails(1, "vmcore: " + text + reason).out()).isEmpty();
  }

  @Test
  void stackTraceOnlyWithDebug() {
    assertThat(Run.of("info", "/nowhere").err()).hasLineCount(1);
    assertThat(Run.of("info", "--debug", "/nowhere").err())
        .contains("\tat org.vmcore.")
        .startsWith("vmcore: /nowhere: no such file or directory");
  }

  @Test
  void paddingShowsOldMemory() throws IOException {
    Path dump =
        DumpBuilder.elf64().padding(0xee).load(0x1100, 0x100).writeTo(folder.resolve("vmcore"));

    assertThat(first(dump, "zero")).isEqualTo((byte) 0);
    assertThat(first(dump, "oldmem")).isEqualTo((byte) 0xee);
  }

  private static byte first(Path dump, String padding) {
    return Run.of(
            "read",
            "--offset",
            "0x1000",
            "--length",
            "1",
            "--format",
            "raw",
            "--padding",
            padding,
            dump)
        .ok()
        .bytes()[0];
  }

  @Test
  void closedPipeEndsQuietly() throws IOException {
    Path dump = Dumps.small(folder);

    assertThat(refusing("Broken pipe", "chunks", dump.toString())).isEqualTo("141 ");
    assertThat(refusing("Broken pipe", "read", "--phys", "0x1000", dump.toString()))
        .isEqualTo("141 ");
    assertThat(refusing("Broken pipe", "pages", "--json", dump.toString())).isEqualTo("141 ");
    assertThat(refusing("Broken pipe", "--help")).isEqualTo("141 ");
  }

  @Test
  void anyOtherErrorIsOneLine() throws IOException {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new NoClassDefFoundError("org/example/Missing");
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String dump = Dumps.small(folder).toString();

    int status =
        Main.run(
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "read",
            "--format",
            "raw",
            "--phys",
            "0x1000",
            dump);

    assertThat(status).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "vmcore: a bug in vmcore: java.lang.NoClassDefFoundError: org/example/Missing"
                + " (--debug tells where)\n");
  }

  @Test
  void fullDiskIsAnError() throws IOException {
    assertThat(refusing("No space left on device", "info", Dumps.small(folder).toString()))
        .isEqualTo("1 vmcore: stdout: cannot write: No space left on device\n");
  }

  private static String refusing(String reason, String... args) {
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException(reason);
          }
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status = Main.run(out, new PrintStream(err, true, StandardCharsets.UTF_8), args);
    return status + " " + err.toString(StandardCharsets.UTF_8);
  }

  @Test
  void fileNamesAreJsonStrings() throws IOException {
    Path dump = Dumps.small().writeTo(folder.resolve("a\"b\\c\n\u202e\u00e4"));

    assertThat(Run.of("info", "--json", dump).ok().json()).containsEntry("dump", dump.toString());
    assertThat(Run.of("info", "--json", dump).out()).contains("\\u202e\u00e4\"");
  }

  @Test
  void aHundredThousandChunksAreListed() throws IOException {
    DumpBuilder many = DumpBuilder.elf64();
    for (int i = 0; i < 100_000; i++) {
      many.excluded(0x1000L + i * 0x2000L, 0x100);
    }
    Path dump = many.writeTo(folder.resolve("many"));

    assertThat(Run.of("chunks", dump).ok().out().lines()).hasSize(100_002);
  }
}
