package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.testing.DumpBuilder;

/** {@code --oldmem}: commands on a crashed machine's RAM in place of its vmcore. */
class OldmemTest {
  @TempDir Path folder;
  private Path ram;
  private Path out;

  @BeforeEach
  void makeRam() throws IOException {
    ram = Ram.crashed().writeTo(folder.resolve("ram"));
    out = folder.resolve("vmcore");
  }

  private byte[] built(Object... args) throws IOException {
    Object[] line = new Object[args.length + 4];
    System.arraycopy(new Object[] {"build", "--force", "-o", out}, 0, line, 0, 4);
    System.arraycopy(args, 0, line, 4, args.length);
    assertThat(Run.of(line).ok().out()).isEmpty();
    return Files.readAllBytes(out);
  }

  @Test
  void theChoiceAmongSeveralHeadersIsExplained() throws IOException {
    Path two = Ram.crashed().put(0x6000, Ram.headers(Ram.machine())).writeTo(folder.resolve("two"));
    String what = ": 2 PT_LOADs, 2 PT_NOTEs with notes, VMCOREINFO, ";
    String taken = "found at 0xa000" + what + "outside of its PT_LOADs";
    String other =
        "not taken: 0x6000"
            + what
            + "inside of one of its PT_LOADs; rather the first: it lies outside of its own"
            + " PT_LOADs, as it must";

    Run.of("build", "-o", out, two)
        .fails(
            0,
            "vmcore: " + two + ": elfcorehdr: " + taken,
            "vmcore: " + two + ": elfcorehdr: " + other);
    assertThat(Run.of("info", "--oldmem", two).ok().lines())
        .contains("elfcorehdr: " + taken, "elfcorehdr: " + other);
    assertThat(Run.of("info", "--json", "--oldmem", two).ok().json().get("elfcorehdr"))
        .isEqualTo(List.of(taken, other));
    assertThat(Run.of("verify", "--oldmem", two).ok().lines())
        .contains("info elfcorehdr: " + taken, "info elfcorehdr: " + other);
    assertThat(Run.of("info", "--oldmem", two, "--elfcorehdr", "0xa000").ok().out())
        .doesNotContain("elfcorehdr");
  }

  @ParameterizedTest
  @ValueSource(strings = {"segments", "notes", "vmcoreinfo", "pages"})
  void whatCommandsSayIsTheSameWithoutWritingIt(String command) throws IOException {
    built(ram);

    assertThat(Run.of(command, "--oldmem", ram, "--elfcorehdr", "40K").ok().out())
        .isEqualTo(Run.of(command, out).ok().out());
  }

  @Test
  void chunksTellWhereInRamTheyAre() {
    assertThat(Run.of("chunks", "--no-header", "--oldmem", ram).ok().lines())
        .containsExactly(
            "0x0 0x1000 BUFFER header - -",
            "0x1000 0x1000 BUFFER notes - 0",
            "0x2000 0x1000 BUFFER load 0x1000 1",
            "0x3000 0x1000 OLDMEM load 0x2000 1",
            "0x4000 0x1000 BUFFER load 0x3000 1",
            "0x5000 0x2000 OLDMEM load 0x5000 2");
  }

  @Test
  void infoAndVerifyWorkWithoutWritingIt() {
    assertThat(Run.of("info", "--oldmem", ram).ok().lines())
        .contains("format: oldmem", "kernel: 6.1.0-test", "CPUs: 1 of 1 possible");
    assertThat(Run.of("verify", "--oldmem", ram).ok().lines().getLast()).startsWith("ok: ");
  }

  @Test
  void readAndExtractWorkWithoutWritingIt() throws IOException {
    assertThat(
            Run.of("read", "--phys", "0x1100", "--length", 16, "--format", "raw", "--oldmem", ram)
                .ok()
                .bytes())
        .isEqualTo(DumpBuilder.pattern(0x1100, 16));
    Run.of("extract", "--load", "2", "-o", out, "--oldmem", ram).ok();
    assertThat(out).hasBinaryContent(DumpBuilder.pattern(0x5000, 0x2000));
  }
}
