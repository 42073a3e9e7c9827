package org.vmcore.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.remoteproc.collect.CollectOptions;
import org.vmcore.remoteproc.collect.DevcoredumpCollector;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.RealDumps;
import picocli.CommandLine;

@Timeout(60)
class DevcoredumpCommandTest {
  @TempDir Path dir;
  private Path root;
  private Path out;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectories(dir.resolve("class"));
    out = dir.resolve("out");
  }

  private static byte[] core() {
    return DumpBuilder.elf32().load(0x1000_0000, 0x5000).build();
  }

  private Run collect(Object... more) {
    Object[] line = {"devcoredump", "collect", "--from", root, "-o", out};
    return Run.of(Stream.concat(Stream.of(line), Stream.of(more)).toArray());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
    }
  }

  @Test
  void aDumpIsCollected() throws IOException {
    Path data = Devcoredumps.add(root, 1, "remoteproc0", core());

    Run run = collect().ok();

    Path file = files().getFirst();
    assertThat(files()).hasSize(1);
    assertThat(file.getFileName().toString()).matches("remoteproc0-\\w{15}Z\\.devcoredump");
    assertThat(file).hasBinaryContent(core());
    assertThat(run.lines().getFirst())
        .isEqualTo(file + ": devcd1 of remoteproc0, " + core().length + " bytes, elf, released");
    assertThat(Files.readAllBytes(data)[0]).isEqualTo((byte) '1');
  }

  @Test
  void itIsLeftToTheKernelOnRequest() throws IOException {
    Path data = Devcoredumps.add(root, 1, "remoteproc0", core());

    assertThat(collect("--no-release").ok().out()).contains(" bytes, elf, not released\n");
    assertThat(data).hasBinaryContent(core());
  }

  @Test
  void aDriversOwnFormatIsKeptAndReleased() throws IOException {
    Devcoredumps.add(root, 1, "gpu", "**** AMDGPU Device Coredump ****\n".getBytes(UTF_8));

    assertThat(collect().ok().lines())
        .hasSize(2)
        .anyMatch(line -> line.endsWith("devcd1 of gpu, 33 bytes, unknown format, released"))
        .anyMatch(line -> line.startsWith("warning format: offset 0x0: not checked: not a dump"));
  }

  @Test
  void whatIsShorterThanItsHeadersSayIsMarked() throws IOException {
    Path data = Devcoredumps.add(root, 1, "remoteproc0", Arrays.copyOf(core(), 5000));

    Run run = collect();

    run.fails(
        3,
        "vmcore: devcd1 of remoteproc0: lost from offset 0x1388: the stream ended here, and its ELF"
            + " headers tell of "
            + core().length
            + " bytes; it isn't released");
    assertThat(files().getFirst().toString()).endsWith(".devcoredump.partial");
    assertThat(run.lines().getFirst())
        .endsWith(", 5000 bytes, elf, lost from offset 0x1388, not released");
    assertThat(Files.size(data)).isEqualTo(5000);
  }

  @Test
  void asJson() throws IOException {
    Devcoredumps.add(root, 1, "remoteproc0", core());
    Devcoredumps.add(root, 2, "remoteproc1", Arrays.copyOf(core(), 5000));

    Run run = collect("--json");

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.json()).containsEntry("command", "devcoredump collect");
    Map<String, Object> whole = named(run, "devcd1");
    assertThat(whole)
        .containsEntry("device", "remoteproc0")
        .containsEntry("size", "0x" + Integer.toHexString(core().length))
        .containsEntry("format", "elf")
        .containsEntry("released", true)
        .doesNotContainKeys("lost_from", "problem");
    assertThat(Path.of(whole.get("file").toString())).hasBinaryContent(core());
    assertThat(named(run, "devcd2"))
        .containsEntry("lost_from", "0x1388")
        .containsEntry("released", false)
        .containsKey("problem");
  }

  private static Map<String, Object> named(Run run, String name) {
    return run.records("dumps").stream()
        .filter(dump -> name.equals(dump.get("name")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void noDumps() {
    collect().fails(1, "vmcore: " + root + ": no device has left a dump");
    Run json = collect("--json");
    json.fails(1, "vmcore: " + root + ": no device has left a dump");
    assertThat(json.records("dumps")).isEmpty();
    assertThat(out).doesNotExist();
  }

  @Test
  void noneCanCome() throws IOException {
    Files.writeString(root.resolve("disabled"), "1\n");
    String disabled = "it is 1: the kernel takes no devices' dumps until it is booted again";
    collect().fails(1, "vmcore: " + root.resolve("disabled") + ": " + disabled);
    collect("--watch").fails(1, "vmcore: " + root.resolve("disabled") + ": " + disabled);
    root = dir.resolve("nowhere");
    String none = "no such folder: a kernel without CONFIG_DEV_COREDUMP has no devices' dumps";
    collect().fails(1, "vmcore: " + root + ": " + none);
    collect("--watch").fails(1, "vmcore: " + root + ": " + none);
    assertThat(out).doesNotExist();
  }

  @Test
  void aSecondCollectorIsRefused() throws IOException {
    Devcoredumps.add(root, 1, "remoteproc0", core());
    try (DevcoredumpCollector first = DevcoredumpCollector.open(out, CollectOptions.DEFAULT)) {
      assertThat(first).isNotNull();
      collect()
          .fails(
              1,
              "vmcore: "
                  + out
                  + ": another collector is at work here: it holds the lock on .devcoredump.lock");
    }
    assertThat(files()).isEmpty();
  }

  @Test
  void theGroupAndItsCommandHaveHelp() {
    Run group = Run.of("devcoredump", "--help").ok();
    Run help = Run.of("devcoredump", "collect", "--help").ok();

    assertThat(group.out()).startsWith("Usage: vmcore devcoredump [").contains("  collect  Copy ");
    assertThat(help.out())
        .startsWith("Usage: vmcore devcoredump collect [")
        .contains("Examples:\n  vmcore devcoredump collect ");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(Run.of("help", "devcoredump").ok().out()).isEqualTo(group.out());
    assertThat(Run.of("help", "devcoredump", "collect").ok().out()).isEqualTo(help.out());
    CommandLine line = Main.commandLine().getSubcommands().get("devcoredump");
    assertThat(line.getSubcommands()).containsOnlyKeys("collect");
  }

  @Test
  void wrongUsage() {
    Run.of("devcoredump").misused("vmcore devcoredump", "Missing command: collect");
    Run.of("devcoredump", "colect", "-o", "x")
        .misused("vmcore devcoredump", "There is no command 'colect': did you mean collect?");
    Run.of("devcoredump", "--nonsense")
        .misused("vmcore devcoredump", "Unknown option: '--nonsense'");
    String command = "vmcore devcoredump collect";
    Run.of("devcoredump", "collect").misused(command, "Missing required option: '--output=DIR'");
    Run.of("devcoredump", "collect", "-o", "-")
        .misused(command, "--output is a folder: no dump goes to stdout");
    collect("--interval", "2").misused(command, "--interval has no effect without --watch");
    collect("-p").misused(command, "--pretty has no effect without --json");
    for (String seconds : List.of("", "x", "-1", "1e3", "1.2.3", ".")) {
      collect("--watch", "--interval", seconds)
          .misused(
              command,
              "Invalid value for option '--interval': '"
                  + seconds
                  + "' are no seconds like 5 or 0.5");
    }
    for (String seconds : List.of("0", "0.0001", "3601")) {
      collect("--watch", "--interval", seconds)
          .misused(
              command,
              "Invalid value for option '--interval': '" + seconds + "' isn't from 0.001 to 3600");
    }
    assertThat(Run.of("devcoredump", "collect", "--json").json())
        .containsEntry("command", "devcoredump collect")
        .containsKey("error");
  }

  @Test
  void aWatchPrintsADocumentForEachDump() throws Exception {
    CompletableFuture<Run> ended = new CompletableFuture<>();
    Thread watch =
        Thread.ofPlatform()
            .start(() -> ended.complete(collect("--watch", "--interval", "0.01", "--json")));
    for (int n = 1; n <= 2; n++) {
      Devcoredumps.add(root, n, "remoteproc" + n, core());
      while (!Files.exists(out) || files().size() < n) {
        Thread.sleep(1);
      }
    }
    Thread.sleep(100);
    watch.interrupt();
    Run run = ended.get();

    run.fails(1, "vmcore: " + root + ": interrupted");
    List<String> documents = run.out().lines().toList();
    assertThat(documents).hasSize(3);
    assertThat(documents).allMatch(document -> Contract.violations(document).isEmpty());
    assertThat(documents.get(0)).contains("\"device\":\"remoteproc1\"");
    assertThat(documents.get(1)).contains("\"device\":\"remoteproc2\"");
    assertThat(documents.get(2)).contains("\"error\":");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void progressOfAStreamHasNoEnd() throws Exception {
    Path data = Devcoredumps.add(root, 1, "remoteproc0", core());
    Files.delete(data);
    assertThat(new ProcessBuilder("mkfifo", data.toString()).start().waitFor()).isZero();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (OutputStream stream = Files.newOutputStream(data)) {
                    stream.write(core(), 0, 4096);
                    stream.flush();
                    Thread.sleep(1800);
                    stream.write(core(), 4096, core().length - 4096);
                  } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });

    Run run = collect("--progress", "always");
    writer.join();

    assertThat(run.status()).isZero();
    assertThat(run.err()).startsWith("4 KiB, ").contains("/s\n");
    assertThat(files().getFirst()).hasBinaryContent(core());
  }

  @Test
  void realCoresOfRemoteProcessors() throws IOException {
    List<String> names = List.of("rproc-enabled", "rproc-inline", "rproc64-enabled");
    for (int i = 0; i < names.size(); i++) {
      Path core = RealDumps.file("arm-rproc/truth/" + names.get(i) + ".elf");
      Devcoredumps.add(root, i, "remoteproc" + i, Files.readAllBytes(core));
    }

    collect().ok();

    assertThat(files()).hasSize(names.size());
    for (int i = 0; i < names.size(); i++) {
      Path core = RealDumps.file("arm-rproc/truth/" + names.get(i) + ".elf");
      assertThat(files().get(i)).hasSameBinaryContentAs(core);
    }
  }
}
