package org.vmcore.remoteproc.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.VmcoreException;
import org.vmcore.remoteproc.Devcoredump;
import org.vmcore.testing.DumpBuilder;

@Timeout(60)
class SysfsDevcoredumpsTest {
  private final FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix());
  private Path root = jimfs.getPath("/sys/class/devcoredump");

  @BeforeEach
  void makeRoot() throws IOException {
    Files.createDirectories(root);
  }

  @AfterEach
  void close() throws IOException {
    jimfs.close();
  }

  private Path add(String name, String device, byte[] data) throws IOException {
    Path folder = Files.createDirectories(root.resolve(name));
    if (!device.isEmpty()) {
      Files.createSymbolicLink(folder.resolve("failing_device"), jimfs.getPath("../../x", device));
    }
    return Files.write(folder.resolve("data"), data);
  }

  private List<Devcoredump> pending() throws VmcoreException {
    return SysfsDevcoredumps.in(root).pending();
  }

  @Test
  void dumpsAreListedByTheirNumbers() throws IOException {
    add("devcd10", "remoteproc1", new byte[1]);
    add("devcd9", "", new byte[1]);
    Files.createDirectories(root.resolve("devcd11")); // the kernel takes it away
    Files.createDirectories(root.resolve("other"));

    assertThat(pending()).extracting(Devcoredump::name).containsExactly("devcd9", "devcd10");
    assertThat(pending().get(0).device()).isEmpty();
    assertThat(pending().get(1).device()).contains("remoteproc1");
  }

  @Test
  void aDumpIsCollectedAndReleased() throws Exception {
    byte[] core = DumpBuilder.elf32().load(0x1000_0000, 0x3000).build();
    Path data = add("devcd1", "remoteproc0", core);
    Path out = jimfs.getPath("/var/crash");
    List<CollectedDump> all;
    try (var collector = DevcoredumpCollector.open(out, DevcoredumpCollectorTest.OPTIONS)) {
      all = collector.collect(SysfsDevcoredumps.in(root), _ -> {});
    }

    Path file = out.resolve("remoteproc0-20261129T155752Z.devcoredump");
    assertThat(all).hasSize(1);
    assertThat(all.getFirst().file()).contains(file);
    assertThat(all.getFirst().released()).isTrue();
    assertThat(file).hasBinaryContent(core);
    assertThat(Files.readAllBytes(data)[0]).isEqualTo((byte) '1');
  }

  @Test
  void aDevicesNameLeadsNowhereElse() throws Exception {
    byte[] text = "text".getBytes(UTF_8);
    add("devcd1", ".hidden", text);
    add("devcd2", "0000:03:00.0 \u001b[2J\u202e", text);
    add("devcd3", "n".repeat(255), text);
    Path out = jimfs.getPath("/out");
    try (var collector = DevcoredumpCollector.open(out, DevcoredumpCollectorTest.OPTIONS)) {
      collector.collect(SysfsDevcoredumps.in(root), _ -> {});
    }

    assertThat(DevcoredumpCollectorTest.names(out))
        .containsExactly(
            "0000_03_00.0___2J_-20261129T155752Z.devcoredump",
            "hidden-20261129T155752Z.devcoredump",
            "n".repeat(64) + "-20261129T155752Z.devcoredump");
  }

  @Test
  void aDumpThatIsGoneIsNotFound() throws IOException {
    add("devcd1", "", new byte[1]);
    Devcoredump dump = pending().getFirst();
    Files.delete(root.resolve("devcd1/data"));

    assertThatThrownBy(dump::open).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(dump::release).isInstanceOf(NoSuchFileException.class);
    try (var collector =
        DevcoredumpCollector.open(jimfs.getPath("/out"), DevcoredumpCollectorTest.OPTIONS)) {
      CollectedDump collected = collector.collect(dump);

      assertThat(collected.lostFrom()).hasValue(0);
      assertThat(collected.problem()).contains("lost from offset 0x0: it is gone");
    }
  }

  @Test
  void noDumpsAndWhy() throws IOException {
    assertThat(pending()).isEmpty();
    Files.writeString(root.resolve("disabled"), "0\n");
    assertThat(pending()).isEmpty();
    Files.writeString(root.resolve("disabled"), "1\n");
    assertThatThrownBy(this::pending)
        .isInstanceOf(VmcoreException.class)
        .hasMessage(
            "/sys/class/devcoredump/disabled: it is 1: the kernel takes no devices' dumps until it"
                + " is booted again");
    root = jimfs.getPath("/nowhere");
    assertThatThrownBy(this::pending)
        .hasMessage(
            "/nowhere: no such folder: a kernel without CONFIG_DEV_COREDUMP has no devices' dumps");
    root = Files.writeString(jimfs.getPath("/file"), "");
    assertThatThrownBy(this::pending).hasMessage("/file: not a folder");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theReleaseOfAFifoReachesItsReader(@TempDir Path dir) throws Exception {
    Fifos fifos = new Fifos(dir);
    Path data = fifos.add(1);
    Devcoredump dump = SysfsDevcoredumps.in(dir).pending().getFirst();
    dump.release(); // nobody reads it
    CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> released(data));
    while (!read.isDone()) {
      dump.release();
      Thread.sleep(1);
    }

    assertThat(read.get()).isEqualTo('1');
  }

  private static int released(Path data) {
    try {
      return Fifos.released(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
