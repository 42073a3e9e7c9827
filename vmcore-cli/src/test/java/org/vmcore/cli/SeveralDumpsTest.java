package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Turn;
import org.vmcore.cli.output.When;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.Packed;
import org.vmcore.testing.PrintkRingBytes;

/** Several dumps, and folders, in one call. */
class SeveralDumpsTest {
  @TempDir Path folder;
  private Path crash;
  private Path good;
  private Path cut;
  private Path early;

  /** A folder as kdump leaves it, of three crashes. */
  @BeforeEach
  void crashes() throws IOException {
    crash = Files.createDirectory(folder.resolve("crash"));
    Path first = Files.createDirectory(crash.resolve("202311140001"));
    Path second = Files.createDirectory(crash.resolve("202311150002"));
    good = Dumps.small().writeTo(first.resolve("dump.202311140001"));
    Files.writeString(first.resolve("dmesg.202311140001"), "[    0.000000] Linux version\n");
    Files.writeString(first.resolve("vmcore-dmesg.txt"), "");
    cut = Dumps.small().truncateAt(0x4000).writeTo(second.resolve("vmcore"));
    early = Files.write(second.resolve("vmcore-incomplete"), new byte[0]);
    Files.write(
        crash.resolve("kernel.crash"), "ProblemType: Crash\n".getBytes(StandardCharsets.UTF_8));
    Files.write(crash.resolve("vmlinux"), program());
  }

  /** An ELF file that is no core file. */
  private static byte[] program() {
    byte[] bytes = Dumps.small().build();
    bytes[16] = 2;
    return bytes;
  }

  @Test
  void infoIsATable() {
    Run run = Run.of("info", crash);

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.lines())
        .containsExactly(
            "FILE FORMAT ARCH KERNEL CRASH TIME CPUS MEMORY EXCLUDED LOST PANIC",
            good + " elf x86_64 6.1.0-test 2023-11-14T22:13:20Z 1 18 KiB 8 KiB - -",
            cut + " elf x86_64 6.1.0-test 2023-11-14T22:13:20Z 1 18 KiB 4 KiB 8 KiB -",
            early + " - - - - - - - - error: offset 0x0: the file is empty");
  }

  @Test
  void columnsAreAlignedWhateverIsInThem() {
    List<String> lines = Run.of("info", crash).out().lines().toList();

    int at = lines.getFirst().indexOf("ARCH");
    assertThat(lines.get(1).substring(at)).startsWith("x86_64");
    assertThat(lines.get(2).substring(at)).startsWith("x86_64");
    assertThat(Run.of("info", "--no-header", crash).lines()).hasSize(3);
  }

  @Test
  void jsonIsALineForEach() {
    Run run = Run.of("info", "--json", crash, good);

    assertThat(run.status()).isEqualTo(3);
    List<Map<String, Object>> documents = documents(run);
    assertThat(documents)
        .extracting(each -> each.get("file"))
        .containsExactly(good.toString(), cut.toString(), early.toString(), good.toString());
    assertThat(documents.getFirst())
        .containsEntry("release", "6.1.0-test")
        .doesNotContainKey("error");
    assertThat(documents.get(2)).containsOnlyKeys("schema", "command", "dump", "file", "error");
    Map<String, Object> alone = Run.of("info", "--json", good).json();
    Map<String, Object> one = documents.getLast();
    one.remove("file");
    assertThat(one).isEqualTo(alone);
  }

  private static List<Map<String, Object>> documents(Run run) {
    return run.out()
        .lines()
        .map(
            line -> {
              assertThat(Contract.violations(line)).as(line).isEmpty();
              return JsonText.object(line);
            })
        .toList();
  }

  @Test
  void verifyIsATable() {
    Run run = Run.of("verify", crash);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.lines().getFirst()).isEqualTo("FILE RESULT ERRORS WARNINGS WORST");
    assertThat(run.lines().get(1)).isEqualTo(good + " ok 0 0 -");
    assertThat(run.lines().get(2)).startsWith(cut + " damaged ").contains("file_size: ");
    assertThat(run.lines().get(3)).isEqualTo(early + " - - - error: offset 0x0: the file is empty");
  }

  @Test
  void logsAreBehindTheirNames() throws IOException {
    Path one = logged("one", "first");
    Path two = logged("two", "second");

    Run run = Run.of("log", one, folder.resolve("none"), two);

    run.fails(1, "vmcore: " + folder.resolve("none") + ": no such file or directory");
    assertThat(run.lines())
        .containsExactly(
            "==> " + one + " <==",
            "[ 0.000001] first",
            "",
            "==> " + folder.resolve("none") + " <==",
            "",
            "==> " + two + " <==",
            "[ 0.000001] second");
  }

  private Path logged(String name, String line) throws IOException {
    KernelDump kernel = new KernelDump();
    new PrintkRingBytes(kernel, 4, 10, 0).add(1000, 5, line);
    return kernel.dump().writeTo(folder.resolve(name));
  }

  @Test
  void segmentsAreBehindTheirNames() {
    Run run = Run.of("segments", "--no-header", good, cut);

    assertThat(run.lines()).hasSize(2 * (1 + 4) + 1).contains("==> " + cut + " <==");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void crashesAreATableAndGroups() throws IOException {
    Path one = logged("one", "Kernel panic - not syncing: sysrq triggered crash");
    Path two = logged("two", "Kernel panic - not syncing: sysrq triggered crash");
    Path other = logged("other", "Kernel panic - not syncing: No working init found.");
    Path none = logged("quiet", "nothing happened");

    Run table = Run.of("crash", one, other, none);
    Run groups = Run.of("crash", "--group-by", "fingerprint", other, one, none, two);

    assertThat(table.lines().getFirst()).isEqualTo("FILE FINGERPRINT KIND GUILTY AT PANIC");
    assertThat(table.lines().get(1))
        .matches(one + " [0-9a-f]{16} sysrq - - Kernel panic - not syncing: sysrq .*");
    assertThat(table.lines().get(3)).isEqualTo(none + " - none - - the log tells of no crash");
    assertThat(table.status()).isEqualTo(1);
    groups.fails(1, "vmcore: " + none + ": the log tells of no crash");
    assertThat(groups.lines()).hasSize(3);
    assertThat(groups.lines().get(1)).startsWith("2 - - ").contains(" sysrq 6.1.0-test " + one);
    assertThat(groups.lines().get(2)).startsWith("1 - - ").contains(other.toString());
  }

  @Test
  void columnsAreStraightBehindNamesThatAreEscaped() throws IOException {
    Path odd = Dumps.small().writeTo(folder.resolve("odd\n\u001b\u202e"));

    List<String> rows = Run.of("info", odd, good).ok().out().lines().toList();

    int column = rows.getFirst().indexOf(" FORMAT");
    assertThat(rows.get(1).indexOf(" elf ")).isEqualTo(column);
    assertThat(rows.get(2).indexOf(" elf ")).isEqualTo(column);
  }

  @Test
  void aFullDiskIsToldOnce() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console all =
        Console.of(
            OutputStream.nullOutputStream(),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            When.NEVER,
            false);

    for (int i = 0; i < 3; i++) {
      assertThat(all.at(all.turn()).refused(new IOException("No space left on device")))
          .isEqualTo(1);
    }
    Turn forgone = all.turn();
    Console own = all.at(forgone);
    forgone.forgo();
    own.out().text("too late");

    assertThat(own.finish(0)).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("vmcore: stdout: cannot write: No space left on device\n");
  }

  @Test
  void aPlaceThatIsNoneIsTheDumps() {
    Run run = Run.of("info", "foo://bar/x");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).startsWith("vmcore: Invalid value for DUMP: foo://bar/x: ");
  }

  @Test
  void groupsAreJsonLines() throws IOException {
    Path one = logged("one", "Kernel panic - not syncing: sysrq triggered crash");
    Path two = logged("two", "Kernel panic - not syncing: sysrq triggered crash");
    Path none = logged("quiet", "nothing happened");

    Run run = Run.of("crash", "--json", "--group-by", "fingerprint", one, none, two);

    run.fails(1, "vmcore: " + none + ": the log tells of no crash");
    assertThat(run.lines()).singleElement().asString().satisfies(this::isGroup);
    assertThat(JsonText.object(run.out()))
        .containsEntry("count", 2L)
        .containsEntry("kind", "sysrq")
        .containsEntry("kernels", List.of("6.1.0-test"))
        .containsEntry("example", one.toString())
        .doesNotContainKey("first");
    Run.of("crash", "--group-by", "fingerprint", "--json", "-p", one)
        .fails(
            2,
            "vmcore: --pretty has no effect with several dumps: each is a line of its own",
            "Try 'vmcore crash --help'.");
  }

  private void isGroup(String line) {
    assertThat(Contract.violations(line)).isEmpty();
  }

  /** Whether a glob finds one dump or two doesn't decide what is right. */
  @Test
  void anOptionOfSeveralMakesOneOfThem() throws IOException {
    Path panic = logged("one", "Kernel panic - not syncing: sysrq triggered crash");

    assertThat(Run.of("info", "--no-header", good).ok().lines())
        .singleElement()
        .asString()
        .startsWith(good + " elf ");
    assertThat(Run.of("verify", "--jobs", "8", good).ok().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("FILE ");
    assertThat(Run.of("crash", "--group-by", "fingerprint", panic).ok().lines())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("1 - - ");
    assertThat(Run.of("log", "--jobs", "2", panic).ok().lines())
        .first()
        .isEqualTo("==> " + panic + " <==");
    assertThat(Run.of("info", "--json", "--jobs", "2", good).ok().json())
        .containsEntry("file", good.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void theOrderIsThatOfTheCommandLine(int jobs) throws IOException {
    Path[] files = new Path[60];
    for (int i = 0; i < files.length; i++) {
      byte[] dump = Dumps.small().build();
      boolean isPacked = i % 3 == 0;
      files[i] = folder.resolve("dump" + (files.length - i));
      Files.write(files[i], isPacked ? Packed.gzip(dump) : dump);
    }

    List<String> rows = Run.of(with("info", "--no-header", "--jobs", jobs, files)).lines();
    Run sections = Run.of(with("segments", "--no-header", "--jobs", jobs, files));

    assertThat(rows)
        .extracting(row -> row.substring(0, row.indexOf(' ')))
        .containsExactlyElementsOf(Stream.of(files).map(Path::toString).toList());
    assertThat(sections.lines())
        .filteredOn(line -> line.startsWith("==>"))
        .containsExactlyElementsOf(Stream.of(files).map(each -> "==> " + each + " <==").toList());
    assertThat(sections.err().lines()).hasSize(20).allMatch(line -> line.contains("unpacking"));
  }

  private static Object[] with(Object first, Object second, Object third, int jobs, Path... files) {
    return Stream.concat(Stream.of(first, second, third, jobs), Stream.of(files)).toArray();
  }

  @Test
  void muchOutputOfManyWaitsForItsTurn() throws IOException {
    Path[] files = new Path[20];
    for (int i = 0; i < files.length; i++) {
      DumpBuilder dump = DumpBuilder.elf64().prstatus(1, 0);
      for (int load = 0; load < 6000; load++) {
        dump.load(0x1000L + load * 0x2000L, 8);
      }
      files[i] = dump.writeTo(folder.resolve("dump" + i));
    }

    Run run = Run.of(with("segments", "--no-header", "--jobs", 4, files)).ok();

    assertThat(run.lines()).hasSize(files.length * (1 + 6001) + files.length - 1);
    assertThat(run.lines())
        .filteredOn(line -> line.startsWith("==>"))
        .containsExactlyElementsOf(Stream.of(files).map(each -> "==> " + each + " <==").toList());
  }

  @Test
  void linksOfAFolderLeadNowhereTwice() throws IOException {
    Files.createSymbolicLink(crash.resolve("again"), crash);
    Files.createSymbolicLink(crash.resolve("last"), good.getParent());
    Files.createSymbolicLink(crash.resolve("a-link-to-one-in-it"), good);
    Path elsewhere = Dumps.small(folder);
    Path link = Files.createSymbolicLink(crash.resolve("z-elsewhere"), elsewhere);
    Path whole = Files.createSymbolicLink(folder.resolve("link"), crash);

    assertThat(Run.of("info", "--no-header", crash).lines())
        .hasSize(4)
        .last()
        .asString()
        .startsWith(link + " ");
    assertThat(Run.of("info", "--no-header", whole).lines()).hasSize(4);
  }

  @Test
  void aFolderWithoutDumpsIsAnError() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    Run run = Run.of("info", "--no-header", empty, good);

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.lines().getFirst()).endsWith(" error: no dump is in this folder");
    assertThat(run.lines().get(1)).startsWith(good.toString());
  }

  @Test
  void packedDumpsAreFoundAndTextThatIsPackedIsNot() throws IOException {
    Path packed = Files.createDirectory(folder.resolve("packed"));
    Files.write(packed.resolve("a.gz"), Packed.gzip(Dumps.small().build()));
    Files.write(
        packed.resolve("b.gz"), Packed.gzip("text".repeat(100).getBytes(StandardCharsets.UTF_8)));
    Files.write(packed.resolve("c.gz"), new byte[] {0x1f, (byte) 0x8b, 8, 0});

    assertThat(Run.of("info", "--no-header", packed).ok().lines())
        .singleElement()
        .asString()
        .startsWith(packed.resolve("a.gz") + " elf in gzip x86_64 ");
  }

  @Test
  void anOptionOfOneDumpIsRefused() {
    String several = " has no effect with several dumps";
    Run.of("info", "--part", good, good, cut).misused("vmcore info", "--part" + several);
    Run.of("info", "--oldmem", good, crash).misused("vmcore info", "--oldmem" + several);
    Run.of("info", "--vmcoreinfo", "0x1000", crash)
        .misused("vmcore info", "--vmcoreinfo" + several);
    Run.of("verify", "--progress", "never", crash).misused("vmcore verify", "--progress" + several);
    Run.of("log", "--jobs", "2", "--oldmem", good)
        .misused("vmcore log", "--jobs has no effect on RAM");
    Run.of("crash", "--group-by", "fingerprint", "--oldmem", good)
        .misused("vmcore crash", "--group-by has no effect on RAM");
    Run.of("info", "--no-header", "--oldmem", good)
        .misused("vmcore info", "--no-header has no effect on RAM");
    Run.of("info", "--jobs", "0", crash)
        .misused(
            "vmcore info", "Invalid value for option '--jobs': '0' is no number of jobs: 1 to 256");
    Run.of("info", "-", good, "-")
        .misused("vmcore info", "There is but one stdin: - can be given once");
  }

  @Test
  void theOthersTakeOneDump() {
    assertThat(Run.of("chunks", good, cut).status()).isEqualTo(2);
    Run.of("chunks", crash).fails(1, "vmcore: " + crash + ": a directory, not a dump");
  }

  @Test
  void whatIsOpenedIsClosed() throws IOException {
    Path packed = Files.write(folder.resolve("gz"), Packed.gzip(Dumps.small().build()));
    Path[] files = new Path[300];
    for (int i = 0; i < files.length; i++) {
      files[i] = folder.resolve("d" + i);
      Files.createLink(files[i], i % 3 == 0 ? packed : i % 3 == 1 ? good : cut);
    }
    Object[] line = with("info", "--spill-dir", folder.toString(), 0, files);
    line[3] = "--no-header";
    Run.of(line);
    long open = open();
    long mapped = mapped();

    assertThat(Run.of(line).lines()).hasSize(files.length);

    assertThat(open()).isLessThanOrEqualTo(open + 3);
    assertThat(mapped()).isLessThanOrEqualTo(mapped + 3);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).noneMatch(each -> each.toString().endsWith(".spill"));
    }
  }

  private static long open() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  /** Mappings of this test's files. */
  private long mapped() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.filter(line -> line.contains(folder.toString())).count();
    }
  }

  @Test
  void aFileThatEndsEarlyMeanwhileStopsNoOther() throws IOException {
    Path broken = folder.resolve("broken");
    try (FileChannel out =
        FileChannel.open(broken, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      byte[] dump = Dumps.small().build();
      Arrays.fill(dump, 40, 64, (byte) 0xff);
      out.write(ByteBuffer.wrap(dump));
    }

    Run run = Run.of("info", "--no-header", broken, good);

    assertThat(run.status()).isIn(1, 3);
    assertThat(run.lines()).hasSize(2);
    assertThat(run.lines().get(1)).startsWith(good + " elf ");
  }
}
