package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** No command writes a file that it reads. */
class InputsTest {
  /** Options of commands that write files, which name a file to be read. */
  private static final Set<String> READING =
      Set.of(
          "--part",
          "--oldmem",
          "--elfcorehdr-file",
          "--dtb",
          "--device-dump",
          "--iomem",
          "--crash-notes",
          "--system-map",
          "--btf");

  @TempDir Path folder;
  private Path ram;
  private Path headers;
  private Path iomem;

  @BeforeEach
  void makeFiles() throws IOException {
    ram = Ram.crashed().writeTo(folder.resolve("ram"));
    headers = Files.write(folder.resolve("headers"), Ram.headers(Ram.machine()));
    iomem = Files.writeString(folder.resolve("iomem"), "00000000-0fffffff : System RAM\n");
  }

  @Test
  void everyOptionThatReadsAFileIsKnownHere() {
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      if (command.getCommandSpec().findOption("--force") == null) {
        continue;
      }
      for (OptionSpec option : command.getCommandSpec().options()) {
        boolean isFile = option.paramLabel().matches(".*\\b(FILE|RAM|IN)\\b.*");
        // The files of --ram-map are those of --oldmem and --part.
        if (isFile && !List.of("--raw", "--output", "--ram-map").contains(option.longestName())) {
          assertThat(READING).contains(option.longestName());
        }
      }
    }
  }

  private static void refuses(Path target, Object... line) throws IOException {
    byte[] before = Files.readAllBytes(target);
    Run run = Run.of(line);

    assertThat(run.err())
        .endsWith("vmcore: " + target + ": is read by the command itself: not replaced\n");
    assertThat(run.status()).isEqualTo(1);
    assertThat(target).hasBinaryContent(before);
  }

  @Test
  void remoteproc() throws IOException {
    Path map = Files.writeString(folder.resolve("System.map"), "0 A nothing\n");
    assertThat(Run.of("remoteproc", "--system-map", map, "--extract", map, ram).status())
        .isNotZero();
    assertThat(map).hasContent("0 A nothing\n");
  }

  @Test
  void build() throws IOException {
    refuses(ram, "build", "--force", "-o", ram, ram);
    refuses(ram, "build", "--force", "-o", ram, "--oldmem", ram);
    refuses(headers, "build", "--force", "--elfcorehdr-file", headers, "-o", headers, ram);
    refuses(iomem, "build", "--force", "--device-dump", "a=" + iomem, "-o", iomem, ram);
  }

  @Test
  void convert() throws IOException {
    Path dump = Dumps.small(folder);

    refuses(dump, "convert", "--force", "-o", dump, dump);
    Path part = Files.copy(dump, folder.resolve("part.1"));
    refuses(part, "convert", "--force", "--split", "2", "-o", folder.resolve("part"), part);
  }

  @Test
  void debuginfo() throws IOException {
    Path dump = Dumps.small(folder);

    refuses(dump, "debuginfo", "--force", "-o", dump, dump);
  }

  @Test
  void core() throws IOException {
    Path dump = Dumps.small(folder);

    refuses(dump, "core", "--force", "-o", dump, dump);
  }

  @Test
  void extract() throws IOException {
    Path other = Files.copy(ram, folder.resolve("load-1.bin"));

    refuses(ram, "extract", "--phys", "0x1000+0x1000", "--force", "-o", ram, "--oldmem", ram);
    refuses(other, "extract", "--all", "--force", "-o", folder, "--oldmem", other);
  }

  @Test
  void notes() throws IOException {
    refuses(ram, "notes", "--raw", ram, "--force", "--oldmem", ram);
  }

  private List<Object> prepare(Object... more) {
    List<Object> line = new ArrayList<>(List.of("prepare", "--arch", "x86_64", "--force"));
    line.addAll(List.of(more));
    return line;
  }

  @Test
  void prepare() throws IOException {
    Path notes = Files.writeString(folder.resolve("notes"), "cpu0 4000 368\n");

    refuses(iomem, prepare("--iomem", iomem, "-o", iomem).toArray());
    refuses(ram, prepare("--iomem", iomem, "--oldmem", ram, "-o", ram).toArray());
    refuses(notes, prepare("--iomem", iomem, "--crash-notes", notes, "-o", notes).toArray());
  }

  @Test
  void prepareHasTwoOutputs() {
    Path out = folder.resolve("out");
    Run.of("prepare", "--iomem", iomem, "--dtb", ram, "--dtb-out", out, "-o", folder + "/./out")
        .misused("vmcore prepare", "-o and --dtb-out are the same file");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void byAnotherName(boolean hard) throws IOException {
    Path link = folder.resolve("link");
    if (hard) {
      Files.createLink(link, headers);
    } else {
      Files.createSymbolicLink(link, headers);
    }

    refuses(link, "build", "--force", "--elfcorehdr-file", headers, "-o", link, ram);
    refuses(headers, "build", "--force", "--elfcorehdr-file", link, "-o", headers, ram);
  }
}
