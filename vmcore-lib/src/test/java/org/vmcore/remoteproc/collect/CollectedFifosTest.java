package org.vmcore.remoteproc.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.ChildJvm;
import org.vmcore.testing.DumpBuilder;

/** Streams whose writer takes its time, out of real FIFOs. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class CollectedFifosTest {
  @TempDir Path dir;
  private Fifos fifos;
  private Path out;

  @BeforeEach
  void makeFolder() {
    fifos = new Fifos(dir.resolve("class"));
    out = dir.resolve("out");
  }

  private static byte[] core(int size) {
    return DumpBuilder.elf64().machine(183).load(0x2000_0000, size).build();
  }

  private List<CollectedDump> collect() throws VmcoreException, InterruptedException {
    try (var collector = DevcoredumpCollector.open(out, CollectOptions.DEFAULT)) {
      return collector.collect(SysfsDevcoredumps.in(fifos.root()), _ -> {});
    }
  }

  @Test
  void aWriterThatStallsIsWaitedFor() throws Exception {
    Path data = fifos.add(3);
    byte[] core = core(300_000);
    Fifos.feed(
        data,
        stream -> {
          for (int at = 0; at < core.length; at += 50_000) {
            stream.write(core, at, Math.min(50_000, core.length - at));
            Thread.sleep(20);
          }
        });

    CollectedDump collected = collect().getFirst();

    assertThat(collected.name()).isEqualTo("devcd3");
    assertThat(collected.device()).contains("remoteproc3");
    assertThat(collected.file().orElseThrow()).hasBinaryContent(core);
    assertThat(collected.file().orElseThrow().getFileName().toString())
        .matches("remoteproc3-[0-9]{8}T[0-9]{6}Z\\.devcoredump");
    assertThat(collected.released()).isTrue();
  }

  @Test
  void aWriterThatDiesLeavesAPartOfItsDump() throws Exception {
    Path data = fifos.add(1);
    byte[] core = core(300_000);
    Fifos.feed(data, stream -> stream.write(core, 0, 123_456));

    CollectedDump collected = collect().getFirst();

    assertThat(collected.lostFrom()).hasValue(123_456);
    assertThat(collected.released()).isFalse();
    Path file = collected.file().orElseThrow();
    assertThat(file.toString()).endsWith(".devcoredump.partial");
    assertThat(Files.size(file)).isEqualTo(123_456);
    assertThat(Files.mismatch(file, Files.write(dir.resolve("whole"), core))).isEqualTo(123_456);
  }

  @Test
  void sixteenAtOnceAndOneThatStalls() throws Exception {
    byte[] core = core(200_000);
    List<Thread> writers = new ArrayList<>();
    for (int n = 0; n < 16; n++) {
      writers.add(Fifos.feed(fifos.add(n), stream -> stream.write(core)));
    }
    CountDownLatch stalled = new CountDownLatch(1);
    writers.add(
        Fifos.feed(
            fifos.add(16),
            stream -> {
              stream.write(core, 0, 1000);
              stream.flush();
              stalled.await();
              stream.write(core, 1000, core.length - 1000);
            }));
    BlockingQueue<CollectedDump> told = new LinkedBlockingQueue<>();
    Thread collecting =
        Thread.ofPlatform()
            .start(
                () -> {
                  try (var collector = DevcoredumpCollector.open(out, CollectOptions.DEFAULT)) {
                    collector.collect(SysfsDevcoredumps.in(fifos.root()), told::add);
                  } catch (VmcoreException | InterruptedException e) {
                    throw new AssertionError(e);
                  }
                });
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      names.add(told.poll(30, TimeUnit.SECONDS).name());
    }
    assertThat(names).hasSize(16).doesNotContain("devcd16");
    stalled.countDown();
    collecting.join();

    assertThat(told.poll().name()).isEqualTo("devcd16");
    assertThat(DevcoredumpCollectorTest.names(out)).hasSize(17);
    for (String name : DevcoredumpCollectorTest.names(out)) {
      assertThat(out.resolve(name)).hasBinaryContent(core);
    }
    for (Thread writer : writers) {
      writer.join();
    }
  }

  /** Collects all in a folder: ROOT OUT. Prints what each became. */
  static final class Collects {
    public static void main(String[] args) throws Exception {
      try (var collector = DevcoredumpCollector.open(Path.of(args[1]), CollectOptions.DEFAULT)) {
        collector.collect(
            SysfsDevcoredumps.in(Path.of(args[0])),
            dump -> System.out.println(dump.size() + " " + dump.released() + " " + dump.problem()));
      }
    }
  }

  @Test
  @Tag("slow")
  void twoGibibytesAndSixteenMoreStreamsTakeLittleMemory() throws Exception {
    DumpBuilder builder = DumpBuilder.elf64().machine(183).load(0x1000, 1 << 20);
    builder.sparse(0x1_0000_0000L, 2L << 30).load(0x4_0000_0000L, 1 << 20);
    Path large = builder.writeTo(dir.resolve("large"));
    Path small = Files.write(dir.resolve("small"), core(16 << 20));
    Fifos.feed(fifos.add(0), stream -> Files.copy(large, stream));
    for (int n = 1; n <= 16; n++) {
      Fifos.feed(fifos.add(n), stream -> Files.copy(small, stream));
    }

    List<String> lines = ChildJvm.run(Collects.class, fifos.root(), out);

    String whole = " true Optional.empty";
    List<String> expected = new ArrayList<>(Collections.nCopies(16, Files.size(small) + whole));
    expected.add(Files.size(large) + whole);
    assertThat(lines).containsExactlyInAnyOrderElementsOf(expected);
    for (String name : DevcoredumpCollectorTest.names(out)) {
      Path source = name.startsWith("remoteproc0-") ? large : small;
      assertThat(Files.mismatch(source, out.resolve(name))).as(name).isEqualTo(-1);
    }
  }
}
