package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
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

  private static final String BANKS = "0-0x5fff@bank0:0x10,0x6000-0xafff@bank1:0";

  /** The RAM in two files, the first of which has 16 bytes in front. */
  private void banks() throws IOException {
    byte[] bytes = Files.readAllBytes(ram);
    byte[] first = new byte[0x6010];
    System.arraycopy(bytes, 0, first, 0x10, 0x6000);
    Files.write(folder.resolve("bank0"), first);
    Files.write(folder.resolve("bank1"), Arrays.copyOfRange(bytes, 0x6000, bytes.length));
  }

  private Object[] onBanks(Object... more) {
    Object[] words = {"--oldmem", folder.resolve("bank0"), "--oldmem", folder.resolve("bank1")};
    return Stream.concat(Arrays.stream(more), Arrays.stream(words)).toArray();
  }

  @Test
  void severalFilesAreOneRam() throws IOException {
    byte[] whole = built(ram);
    banks();

    assertThat(built(onBanks("--ram-map", BANKS))).isEqualTo(whole);
    assertThat(Run.of(onBanks("read", "--phys", "0x5ff0", "--ram-map", BANKS)).ok().out())
        .isEqualTo(Run.of("read", "--phys", "0x5ff0", "--oldmem", ram).ok().out());
    assertThat(Run.of(onBanks("info", "--json", "--ram-map", BANKS)).ok().json())
        .containsEntry(
            "files",
            List.of(folder.resolve("bank0").toString(), folder.resolve("bank1").toString()));
    String byPath = BANKS.replace("bank1", folder.resolve("bank1").toString());
    assertThat(Run.of(onBanks("segments", "--ram-map", byPath)).ok().out())
        .isEqualTo(Run.of("segments", "--oldmem", ram).ok().out());
  }

  @Test
  void severalFilesAreOneRawDump() throws IOException {
    banks();
    Path first = folder.resolve("bank0");

    Run info = Run.of("info", "--ram-map", BANKS, "--part", folder.resolve("bank1"), first).ok();
    assertThat(info.lines())
        .contains("format: raw", "files: " + folder.resolve("bank1") + ", " + first);
    assertThat(
            Run.of(
                    "read",
                    "--phys=0x5ff0",
                    "--format=raw",
                    "--length=32",
                    "--ram-map",
                    BANKS,
                    "--part",
                    folder.resolve("bank1"),
                    first)
                .ok()
                .bytes())
        .isEqualTo(Arrays.copyOfRange(Files.readAllBytes(ram), 0x5ff0, 0x6010));
  }

  @Test
  void aFileThatEndsTooEarlyLosesItsOwnBytesAlone() throws IOException {
    banks();
    byte[] first = Files.readAllBytes(folder.resolve("bank0"));
    Files.write(folder.resolve("bank0"), Arrays.copyOf(first, 0x5010));
    Object[] line =
        onBanks("read", "--phys=0x5000", "--length=0x1000", "--format=raw", "--ram-map", BANKS);

    assertThat(Run.of(line).status()).isEqualTo(3);
    assertThat(Run.of(line).err()).contains(folder.resolve("bank0") + ": the file ends here");
    assertThat(
            Run.of(onBanks("read", "--phys=0x6000", "--length=16", "--ram-map", BANKS)).ok().err())
        .isEmpty();
  }

  @Test
  void theMapMustTellOfEachFile() throws IOException {
    banks();
    Path second = folder.resolve("bank1");
    String files = folder.resolve("bank0") + ", " + second;

    Run.of(onBanks("info"))
        .misused("vmcore info", "several files of RAM need --ram-map: it tells what is in which");
    Run.of(onBanks("info", "--ram-map", "0-0xfff@0"))
        .misused("vmcore info", "no range of --ram-map is in " + second);
    Run.of(onBanks("info", "--ram-map", "0-0xfff@bank2:0"))
        .misused("vmcore info", "--ram-map: 'bank2' is none of " + files);
    Run.of("info", "--ram-map", "0-1@x:0", "--oldmem", folder.resolve("a/x"), "--oldmem", "/b/x")
        .misused(
            "vmcore info",
            "--ram-map: 'x' is the last name of several of " + folder.resolve("a/x") + ", /b/x");
    Run.of(onBanks("info", "--ram-map", "0-1@:0"))
        .misused(
            "vmcore info",
            "Invalid value for option '--ram-map': '0-1@:0' names no file in front of the colon");
    Run.of(onBanks("info", "--ram-map", "0-0xfff@0,0x800-0x1fff@bank1:0"))
        .misused(
            "vmcore info",
            "Invalid value for option '--ram-map': '0-0xfff@0,0x800-0x1fff@bank1:0': ranges of RAM"
                + " overlap at 0x800");
  }

  @Test
  void noneOfTheFilesIsReplaced() throws IOException {
    banks();
    for (String each : List.of("bank0", "bank1")) {
      Path bank = folder.resolve(each);
      byte[] before = Files.readAllBytes(bank);

      Run run = Run.of(onBanks("build", "--force", "-o", bank, "--ram-map", BANKS));

      assertThat(run.status()).isNotZero();
      assertThat(bank).hasBinaryContent(before);
    }
  }
}
