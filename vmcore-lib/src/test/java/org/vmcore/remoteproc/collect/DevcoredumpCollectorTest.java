package org.vmcore.remoteproc.collect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import org.vmcore.testing.DumpBuilder;

@Timeout(60)
class DevcoredumpCollectorTest {
  private static final Instant TIME = Instant.parse("2026-11-29T15:57:52.123Z");
  static final CollectOptions OPTIONS = new CollectOptions(true, () -> TIME);

  @TempDir Path folder;

  private static byte[] core() {
    return DumpBuilder.elf32().load(0x1000_0000, 0x5000).build();
  }

  private CollectedDump collect(FakeDump dump) throws VmcoreException {
    try (DevcoredumpCollector collector = DevcoredumpCollector.open(folder, OPTIONS)) {
      return collector.collect(dump);
    }
  }

  /** The files in {@code folder}, but for that of the lock. */
  static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(".devcoredump.lock"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aDumpBecomesAFileAndIsReleased() throws IOException {
    FakeDump dump = new FakeDump("devcd1", core());

    CollectedDump collected = collect(dump);

    Path file = folder.resolve("dsp-devcd1-20261129T155752Z.devcoredump");
    assertThat(file).hasBinaryContent(core());
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(collected.file()).contains(file);
    assertThat(collected.size()).isEqualTo(core().length);
    assertThat(collected.device()).contains("dsp-devcd1");
    assertThat(collected.format()).contains("elf");
    assertThat(collected.findings()).extracting(Finding::check).contains("page_contents");
    assertThat(collected.released()).isTrue();
    assertThat(collected.isDamaged()).isFalse();
    assertThat(collected.problem()).isEmpty();
    assertThat(dump.released).hasValue(1);
    assertThat(names(folder)).containsExactly(file.getFileName().toString());
  }

  @Test
  void aDumpThatIsGoneMidwayIsKeptUpToThere() throws IOException {
    FakeDump dump = new FakeDump("devcd1", core()).goneAt(5000);

    CollectedDump collected = collect(dump);

    Path file = folder.resolve("dsp-devcd1-20261129T155752Z.devcoredump.partial");
    assertThat(file).hasBinaryContent(Arrays.copyOf(core(), 5000));
    assertThat(collected.file()).contains(file);
    assertThat(collected.lostFrom()).hasValue(5000);
    assertThat(collected.problem()).contains("lost from offset 0x1388: No such device");
    assertThat(collected.isDamaged()).isTrue();
    assertThat(dump.released).hasValue(0);
    assertThat(names(folder)).hasSize(1);
  }

  @Test
  void aDumpThatIsGoneBeforeItsFirstByteLeavesNoFile() throws IOException {
    CollectedDump collected = collect(new FakeDump("devcd1", core()).goneAt(0));

    assertThat(collected.file()).isEmpty();
    assertThat(collected.lostFrom()).hasValue(0);
    assertThat(names(folder)).isEmpty();
  }

  @Test
  void aStreamThatEndsBeforeItsHeadersSaySoIsNotReleased() throws IOException {
    byte[] cut = Arrays.copyOf(core(), 5000);
    FakeDump dump = new FakeDump("devcd1", cut);

    CollectedDump collected = collect(dump);

    assertThat(collected.lostFrom()).hasValue(5000);
    assertThat(collected.problem().orElseThrow())
        .startsWith("lost from offset 0x1388: the stream ended here, and its ELF headers tell of ")
        .endsWith(" " + core().length + " bytes; it isn't released");
    assertThat(folder.resolve("dsp-devcd1-20261129T155752Z.devcoredump.partial"))
        .hasBinaryContent(cut);
    assertThat(dump.released).hasValue(0);
  }

  @Test
  void aStreamThatEndsInItsHeadersIsLostFromThere() throws IOException {
    for (int length : new int[] {4, 40, 60, 84}) {
      byte[] cut = Arrays.copyOf(core(), length);

      assertThat(collect(new FakeDump("devcd" + length, cut)).lostFrom()).hasValue(length);
    }
  }

  @Test
  void aPrivateFormatIsKeptAndReleased() throws IOException {
    byte[] text = "**** AMDGPU Device Coredump ****\n".getBytes(UTF_8);
    FakeDump dump = new FakeDump("devcd1", text);

    CollectedDump collected = collect(dump);

    assertThat(collected.file().orElseThrow()).hasBinaryContent(text);
    assertThat(collected.format()).isEmpty();
    assertThat(collected.findings()).hasSize(1);
    assertThat(collected.findings().getFirst().message())
        .startsWith("not checked: not a dump of a known format");
    assertThat(collected.isDamaged()).isFalse();
    assertThat(dump.released).hasValue(1);
  }

  @Test
  void aCompressedStreamIsNotUnpacked() throws IOException {
    byte[] bomb = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8};

    CollectedDump collected = collect(new FakeDump("devcd1", bomb));

    assertThat(collected.file().orElseThrow()).hasBinaryContent(bomb);
    assertThat(collected.findings().getFirst().message()).startsWith("not checked: ");
  }

  @Test
  void noFileIsReplaced() throws IOException {
    Path taken = folder.resolve("dsp-devcd1-20261129T155752Z.devcoredump");
    Files.writeString(taken, "somebody's");

    assertThat(collect(new FakeDump("devcd1", core())).file())
        .contains(folder.resolve("dsp-devcd1-20261129T155752Z-2.devcoredump"));
    assertThat(collect(new FakeDump("devcd1", core())).file())
        .contains(folder.resolve("dsp-devcd1-20261129T155752Z-3.devcoredump"));
    assertThat(taken).hasContent("somebody's");
  }

  @Test
  void sixteenDumpsOfOneDeviceHaveSixteenFiles() throws Exception {
    List<FakeDump> dumps = Stream.generate(() -> new FakeDump("same", core())).limit(16).toList();
    List<Thread> threads = new CopyOnWriteArrayList<>();
    try (DevcoredumpCollector collector = DevcoredumpCollector.open(folder, OPTIONS)) {
      dumps.forEach(dump -> threads.add(Thread.ofPlatform().start(() -> collector.collect(dump))));
      for (Thread thread : threads) {
        thread.join();
      }
    }

    assertThat(names(folder)).hasSize(16).allMatch(name -> name.endsWith(".devcoredump"));
    assertThat(dumps).allMatch(dump -> dump.released.get() == 1);
  }

  @Test
  void aFullDiskLeavesTheDumpToTheKernel() throws IOException {
    var small = Configuration.unix().toBuilder().setMaxSize(1 << 20).setBlockSize(4096).build();
    byte[] large = DumpBuilder.elf32().load(0x1000_0000, 3 << 20).build();
    try (FileSystem full = Jimfs.newFileSystem(small)) {
      Path target = full.getPath("/full/out");
      FakeDump dump = new FakeDump("devcd1", large);
      CollectedDump collected;
      try (DevcoredumpCollector collector = DevcoredumpCollector.open(target, OPTIONS)) {
        collected = collector.collect(dump);
      }

      assertThat(collected.file()).isEmpty();
      assertThat(collected.problem().orElseThrow())
          .isEqualTo("can't be kept in /full/out: cannot write: out of disk space");
      assertThat(collected.lostFrom()).isEmpty();
      assertThat(dump.released).hasValue(0);
      assertThat(names(target)).isEmpty();
    }
  }

  @Test
  void aDumpThatCannotBeReleasedIsKept() throws IOException {
    CollectedDump collected = collect(new FakeDump("devcd1", core()).unreleasable("Read-only"));

    Path file = collected.file().orElseThrow();
    assertThat(file).hasBinaryContent(core());
    assertThat(collected.released()).isFalse();
    assertThat(collected.problem())
        .contains("is in " + file + ", and couldn't be released: Read-only");
  }

  @Test
  void onRequestNothingIsReleased() throws IOException {
    FakeDump dump = new FakeDump("devcd1", core());
    try (var collector = DevcoredumpCollector.open(folder, OPTIONS.withRelease(false))) {
      assertThat(collector.collect(dump).released()).isFalse();
    }

    assertThat(dump.released).hasValue(0);
    assertThat(names(folder)).hasSize(1);
  }

  @Test
  void aSecondCollectorIsRefused() throws IOException {
    try (FileSystem jimfs = Jimfs.newFileSystem(Configuration.unix())) {
      for (Path target : List.of(folder, jimfs.getPath("/full/out"))) {
        try (DevcoredumpCollector first = DevcoredumpCollector.open(target, OPTIONS)) {
          assertThat(first).isNotNull();
          assertThatThrownBy(() -> DevcoredumpCollector.open(target, OPTIONS))
              .isInstanceOf(VmcoreException.class)
              .hasMessage(
                  target
                      + ": another collector is at work here: it holds the lock on"
                      + " .devcoredump.lock");
        }
        DevcoredumpCollector.open(target, OPTIONS).close();
      }
    }
  }

  @Test
  void whatIsNoFolderIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> DevcoredumpCollector.open(file, OPTIONS))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(file + ": ");
  }

  /** What a watch of {@code dumps} tells, in a thread of its own. */
  private Thread watch(List<FakeDump> dumps, BlockingQueue<CollectedDump> told) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try (var collector = DevcoredumpCollector.open(folder, OPTIONS)) {
                collector.watch(
                    () -> dumps.stream().filter(dump -> dump.released.get() == 0).toList(),
                    Duration.ofMillis(10),
                    told::add);
              } catch (VmcoreException e) {
                throw new AssertionError(e);
              } catch (InterruptedException e) {
                // That is how it ends.
              }
            });
  }

  @Test
  void aWatchFindsWhatAppearsLater() throws Exception {
    List<FakeDump> dumps = new CopyOnWriteArrayList<>();
    BlockingQueue<CollectedDump> told = new LinkedBlockingQueue<>();
    Thread watch = watch(dumps, told);
    Thread.sleep(50);
    for (String name : List.of("devcd1", "devcd2")) {
      dumps.add(new FakeDump(name, core()));

      assertThat(told.poll(10, TimeUnit.SECONDS)).extracting(CollectedDump::name).isEqualTo(name);
    }
    watch.interrupt();
    watch.join();
    assertThat(names(folder)).hasSize(2);
  }

  @Test
  void aWatchKeepsAnUnreleasedDumpOnce() throws Exception {
    FakeDump stays = new FakeDump("devcd1", core()).unreleasable("Read-only");
    BlockingQueue<CollectedDump> told = new LinkedBlockingQueue<>();
    Thread watch = watch(List.of(stays), told);
    assertThat(told.poll(10, TimeUnit.SECONDS)).isNotNull();
    Thread.sleep(100);
    watch.interrupt();
    watch.join();

    assertThat(told).isEmpty();
    assertThat(names(folder)).hasSize(1);
  }

  @Test
  void aWatchTriesAgainWhatCouldNotBeWrittenAndTellsItOnce() throws Exception {
    var small = Configuration.unix().toBuilder().setMaxSize(1 << 20).setBlockSize(4096).build();
    FakeDump dump = new FakeDump("devcd1", DumpBuilder.elf32().load(0x1000, 600_000).build());
    BlockingQueue<CollectedDump> told = new LinkedBlockingQueue<>();
    try (FileSystem full = Jimfs.newFileSystem(small)) {
      folder = full.getPath("/full/out");
      Path filler = Files.write(full.getPath("filler"), new byte[700_000]);
      Thread watch = watch(List.of(dump), told);
      assertThat(told.poll(10, TimeUnit.SECONDS).problem().orElseThrow()).contains("cannot write");
      Thread.sleep(100);
      assertThat(told).isEmpty();
      Files.delete(filler);

      assertThat(told.poll(10, TimeUnit.SECONDS).released()).isTrue();
      watch.interrupt();
      watch.join();
      assertThat(names(folder)).hasSize(1);
    }
    assertThat(dump.released).hasValue(1);
  }

  @Test
  void aSignalLeavesNoTemporaryFile() throws Exception {
    FakeDump dump = new FakeDump("devcd1", core());
    try (DevcoredumpCollector collector = DevcoredumpCollector.open(folder, OPTIONS)) {
      CollectedDump collected =
          collector.collect(dump, bytes -> OutputFile.abandonAll()); // as the signal's handler does

      assertThat(collected.file()).isEmpty();
      assertThat(collected.problem()).isPresent();
    }
    assertThat(dump.released).hasValue(0);
    assertThat(names(folder)).isEmpty();
  }
}
