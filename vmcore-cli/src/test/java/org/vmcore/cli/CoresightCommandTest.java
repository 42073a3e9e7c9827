package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.CoresightKernel.HEAD;
import static org.vmcore.testing.CoresightKernel.LAST_PAGE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.CoresightKernel;
import org.vmcore.testing.CrashMetadataBytes;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.TasksKernel;
import org.vmcore.values.Hex;

class CoresightCommandTest {
  private static final byte[] TRACE = DumpBuilder.pattern(7, 5000);

  @TempDir Path folder;

  private final CoresightKernel kernel = new CoresightKernel();

  private Path dump() throws Exception {
    return kernel.dump().writeTo(folder.resolve("vmcore"));
  }

  private Path out() {
    return folder.resolve("out");
  }

  private long node(int cpu) {
    return kernel.node(cpu, 1, 0, kernel.vmalloc(TRACE, 0x123), TRACE.length);
  }

  @Test
  void nodesAreATable() throws Exception {
    long node = node(2);
    kernel.device("tmc_etr0", 1, node);
    kernel.list(node);
    assertThat(Run.of("coresight", dump()).ok().lines())
        .containsExactly(
            "CPU TYPE HOLDS DEVICE KIND CSDEV BUFFER SIZE MISSING NODE FILE",
            "2 1 PANIC tmc_etr0 sink 0xffff888001104040 0xffffc90000000123 0x1388 0x0"
                + " 0xffff888001104000 -");
  }

  @Test
  void buffersAreWrittenWithWhatIsKnownOfThem() throws Exception {
    long named = node(0);
    kernel.device("../etf 0", 3, named);
    kernel.list(named, kernel.node(-1, 2, 0, kernel.kmalloc(TRACE), 16));
    Run run = Run.of("coresight", "--json", dump(), "-o", out()).ok();
    assertThat(run.records("nodes"))
        .extracting(node -> node.get("file"))
        .containsExactly("00-cpu0-type1-_etf_0.bin", "01-nocpu-type2.bin");
    assertThat(out().resolve("00-cpu0-type1-_etf_0.bin")).hasBinaryContent(TRACE);
    assertThat(out().resolve("01-nocpu-type2.bin")).hasBinaryContent(Arrays.copyOf(TRACE, 16));
    Map<String, Object> written =
        JsonText.object(Files.readString(out().resolve("coresight.json")));
    assertThat(written).isEqualTo(run.json());
  }

  @Test
  void aNegativeCpuOrTypeIsSpelledAsInTheTable() throws Exception {
    kernel.list(kernel.node(-2, -3, 0, kernel.kmalloc(TRACE), 16));
    Run run = Run.of("coresight", dump(), "--no-header", "-o", out()).ok();
    assertThat(run.lines().getFirst()).startsWith("-2 -3 ").endsWith(" 00-cpu-2-type-3.bin");
  }

  @Test
  void missingBytesAreZerosAndDamage() throws Exception {
    kernel.list(kernel.node(0, 1, 0, LAST_PAGE - 0x100, 0x300));
    kernel.memory().bytes(CoresightKernel.image(LAST_PAGE - 0x100), DumpBuilder.pattern(0, 0x100));
    kernel.memory().excludedFrom(CoresightKernel.image(LAST_PAGE));
    Path dump = dump();
    Run.of("coresight", dump, "-o", out())
        .fails(
            3,
            "vmcore: "
                + dump
                + ": node 0 at 0xffff888001100000: 0x200 bytes aren't in the dump"
                + " (excluded from 0xffff8880011ff000 on): written as zeros");
    assertThat(out().resolve("00-cpu0-type1.bin"))
        .hasBinaryContent(Arrays.copyOf(DumpBuilder.pattern(0, 0x100), 0x300));
    assertThat(Files.readString(out().resolve("coresight.json")))
        .contains("\"missing_bytes\": \"0x200\"")
        .contains("\"address\": \"0xffff8880011ff000\"")
        .contains("\"state\": \"excluded\"");
  }

  @Test
  void whatHasNoBufferIsListedNotWrittenAndSaid() throws Exception {
    kernel.list(kernel.node(0, 1, 0, 0, 0), node(1));
    Path dump = dump();
    Run run = Run.of("coresight", "--json", dump, "-o", out());
    assertThat(run.status()).isZero();
    assertThat(run.err())
        .contains("node 0 at 0xffff888001100000: it was never updated: its buffer is NULL");
    List<Map<String, Object>> nodes = run.records("nodes");
    assertThat(nodes.getFirst()).doesNotContainKey("file");
    assertThat(nodes.getLast()).containsEntry("file", "01-cpu1-type1.bin");
  }

  @Test
  void aSizeThatNoSinkHasIsDamage() throws Exception {
    kernel.list(kernel.node(0, 1, 0, kernel.kmalloc(TRACE), 0xffff_ffffL), node(1));
    Run run = Run.of("coresight", dump(), "-o", out());
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("has a size of 0xffffffff, more than 1 GiB").hasLineCount(1);
    assertThat(out().resolve("01-cpu1-type1.bin")).hasBinaryContent(TRACE);
    assertThat(out().resolve("00-cpu0-type1.bin")).doesNotExist();
  }

  @Test
  void theListIsFoundByAddressToo() throws Exception {
    kernel.list(node(4));
    Path dump = dump();
    for (String place : List.of(Hex.of(HEAD), "coresight_dump_list", "_stext+0x3000")) {
      assertThat(Run.of("coresight", "--list", place, dump, "--no-header").ok().lines()).hasSize(1);
    }
    Run.of("coresight", dump, "--list", "")
        .misused("vmcore coresight", "Invalid value for --list: it is empty");
  }

  @Test
  void moreThanMaxIsSaid() throws Exception {
    kernel.list(node(0), node(1), node(2));
    Path dump = dump();
    Run run = Run.of("coresight", "--max", "2", dump, "--no-header");
    assertThat(run.status()).isZero();
    assertThat(run.lines()).hasSize(2);
    assertThat(run.err())
        .isEqualTo("vmcore: " + dump + ": only the first 2 nodes: --max takes more\n");
    assertThat(Run.of("coresight", "--max", "1", dump).err())
        .isEqualTo("vmcore: " + dump + ": only the first node: --max takes more\n");
    Run.of("coresight", "--max", "0", dump)
        .misused("vmcore coresight", "Invalid value for --max: it is 0");
  }

  @Test
  void anEmptyListIsNothing() throws Exception {
    Path dump = dump();
    Run.of("coresight", dump)
        .fails(1, "vmcore: " + dump + ": the list at 0xffffffff81004000 has no nodes");
  }

  @Test
  void aHeadWhereThereIsNoMemoryIsNothingFound() throws Exception {
    Path dump = dump();
    for (String place : List.of("0x0", "12345", "0xffff900000000000")) {
      Run run = Run.of("coresight", dump, "--list", place);
      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains(": the list's head at 0x").hasLineCount(1);
    }
  }

  @Test
  void aHeadThatIsExcludedIsALoss() throws Exception {
    kernel.memory().excludedFrom(CoresightKernel.image(LAST_PAGE));
    Run run = Run.of("coresight", dump(), "--list", Hex.of(LAST_PAGE));
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err())
        .contains("the list is torn at its head: the head at 0xffff8880011ff000: excluded")
        .hasLineCount(1);
  }

  @Test
  void aKernelWithoutSuchAListIsSaid() throws Exception {
    Path dump = new TasksKernel().dump().writeTo(folder.resolve("other"));
    Run.of("coresight", dump)
        .fails(
            1,
            "vmcore: "
                + dump
                + ": no symbol coresight_dump_list or coresight_kdump_list: the kernel keeps no such"
                + " list, or kallsyms has no data; --list takes its address, --reserved that of"
                + " traces in reserved memory");
  }

  @Test
  void filesThatAreThereStay() throws Exception {
    kernel.list(node(0));
    Files.createDirectories(out());
    Path there = Files.writeString(out().resolve("00-cpu0-type1.bin"), "mine");
    assertThat(Run.of("coresight", dump(), "-o", out()).status()).isEqualTo(1);
    assertThat(there).hasContent("mine");
    assertThat(out().resolve("coresight.json")).doesNotExist();
    Run.of("coresight", dump(), "-o", out(), "--force").ok();
    assertThat(there).hasBinaryContent(TRACE);
  }

  @Test
  void theSnapshotIsInAFolderOfItsOwn() throws Exception {
    kernel.list(node(0));
    Path there = Files.createDirectories(out());
    Path link = Files.createSymbolicLink(folder.resolve("link"), there);
    for (String name : List.of("", "new")) {
      Run run =
          Run.of(
              "coresight",
              dump(),
              "-o",
              there.resolve(name),
              "--snapshot",
              link.resolve(name),
              "--force");
      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("-o and --snapshot are one folder");
      assertThat(there).isEmptyDirectory();
    }
  }

  @Test
  void nothingIsWrittenWhereTheSnapshotMayNotBe() throws Exception {
    kernel.list(node(0));
    Path snapshot = Files.createDirectories(folder.resolve("snapshot"));
    Files.writeString(snapshot.resolve("trace.ini"), "mine");
    Run run = Run.of("coresight", dump(), "-o", out(), "--snapshot", snapshot);
    assertThat(run.status()).isEqualTo(1);
    assertThat(out()).isEmptyDirectory();
    assertThat(snapshot.resolve("trace.ini")).hasContent("mine");
  }

  @Test
  void optionsOfFilesNeedOne() throws Exception {
    kernel.list(node(0));
    for (String option : List.of("--force", "--no-sync", "--progress=always")) {
      assertThat(Run.of("coresight", dump(), option).status()).isEqualTo(2);
    }
    assertThat(Run.of("coresight", dump(), "-o", "-").status()).isEqualTo(2);
  }

  private Path reserved(CrashMetadataBytes metadata, byte[] buffer) throws Exception {
    return reserved(metadata.build(), buffer);
  }

  private Path reserved(byte[] metadata, byte[] buffer) throws Exception {
    byte[] memory = new byte[0x10000];
    System.arraycopy(metadata, 0, memory, 0x5000, metadata.length);
    System.arraycopy(buffer, 0, memory, 0x9000, buffer.length);
    return DumpBuilder.elf64().load(0, memory).writeTo(folder.resolve("reserved"));
  }

  @Test
  void aTraceInReservedMemoryIsUnwrappedAndItsStartMarked() throws Exception {
    byte[] buffer = DumpBuilder.pattern(3, 0x800);
    Path dump = reserved(new CrashMetadataBytes(0x9000, buffer).full(0x300), buffer);
    Run run = Run.of("coresight", "--json", dump, "--reserved", "0x5000+4KiB", "-o", out()).ok();
    assertThat(run.records("reserved").getFirst())
        .containsEntry("full", true)
        .containsEntry("metadata_intact", true)
        .containsEntry("trace_intact", true)
        .containsEntry("start", "0x300")
        .containsEntry("file", "reserved-0x5000.bin");
    byte[] expected = new byte[0x800];
    System.arraycopy(buffer, 0x300, expected, 0, 0x500);
    System.arraycopy(buffer, 0, expected, 0x500, 0x300);
    for (int i = 0; i < 16; i++) {
      expected[i] = (byte) (i % 4 == 3 ? 0x7f : 0xff);
    }
    assertThat(out().resolve("reserved-0x5000.bin")).hasBinaryContent(expected);
  }

  @Test
  void aTraceInReservedMemoryIsATable() throws Exception {
    byte[] buffer = DumpBuilder.pattern(3, 0x800);
    Path dump = reserved(new CrashMetadataBytes(0x9000, buffer).trace(0x10, 0x30), buffer);
    assertThat(Run.of("coresight", dump, "--reserved", "0x4000-0x7fff").ok().lines())
        .containsExactly(
            "METADATA VERSION BUFFER SIZE START LENGTH MISSING STATE FILE",
            "0x5000 0x10000 0x9000 0x800 0x10 0x20 0x0 valid -");
  }

  @Test
  void aTraceThatIsNotThatOfItsCrcIsDamage() throws Exception {
    byte[] buffer = DumpBuilder.pattern(3, 0x800);
    CrashMetadataBytes metadata = new CrashMetadataBytes(0x9000, buffer).trace(0x10, 0x30);
    buffer[0x700]++;
    Path dump = reserved(metadata, buffer);
    Run.of("coresight", dump, "--reserved", "0x5000+4KiB")
        .fails(3, "vmcore: " + dump + ": metadata at 0x5000: the trace isn't that of its CRC");
    Run.of("coresight", dump, "--reserved", "0x6000+4KiB")
        .fails(
            1, "vmcore: " + dump + ": no tmc_crash_metadata in physical addresses 0x6000-0x6fff");
  }

  @Test
  void theCrcOfABufferThatIsNotWholeIsNotChecked() throws Exception {
    byte[] buffer = DumpBuilder.pattern(3, 0x800);
    byte[] memory = new byte[0x9700];
    byte[] metadata = new CrashMetadataBytes(0x9000, buffer).trace(0x10, 0x30).build();
    System.arraycopy(metadata, 0, memory, 0x5000, metadata.length);
    System.arraycopy(buffer, 0, memory, 0x9000, 0x700);
    Path dump = DumpBuilder.elf64().load(0, memory).writeTo(folder.resolve("reserved"));
    Run run = Run.of("coresight", "--json", dump, "--reserved", "0x5000+4KiB", "-o", out());
    run.fails(
        0,
        "vmcore: "
            + dump
            + ": metadata at 0x5000: the buffer isn't whole in the dump: its CRC can't be checked");
    assertThat(run.records("reserved").getFirst())
        .doesNotContainKey("trace_intact")
        .containsEntry("missing_bytes", "0x0");
  }

  @Test
  void aTraceOfWhichTheDumpHasNothingIsNotWritten() throws Exception {
    byte[] buffer = DumpBuilder.pattern(3, 0x800);
    Path dump = reserved(new CrashMetadataBytes(0xa0000, buffer).full(0x300), buffer);
    Path snapshot = folder.resolve("snapshot");
    Run run =
        Run.of(
            "coresight",
            "--json",
            dump,
            "--reserved",
            "0x5000+4KiB",
            "-o",
            out(),
            "--snapshot",
            snapshot);
    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err())
        .contains("snapshot: there is no trace for it: nothing is written")
        .contains("metadata at 0x5000: its buffer at 0xa0000: ")
        .hasLineCount(2);
    assertThat(run.records("reserved").getFirst()).doesNotContainKeys("file", "missing_bytes");
    assertThat(out()).isDirectoryNotContaining(file -> file.toString().endsWith(".bin"));
    assertThat(snapshot).doesNotExist();
  }

  @Test
  void whatTheKernelInvalidatedIsNoDamage() throws Exception {
    byte[] buffer = DumpBuilder.pattern(3, 0x800);
    byte[] metadata = new CrashMetadataBytes(0x9000, buffer).trace(0x10, 0x30).invalidated();
    buffer[0x700]++;
    Path dump = reserved(metadata, buffer);
    Run run = Run.of("coresight", dump, "--reserved", "0x4000+8KiB", "--no-header");
    run.fails(
        0, "vmcore: " + dump + ": metadata at 0x5000: it isn't valid: the device wasn't enabled");
    assertThat(run.lines()).containsExactly("0x5000 0x10000 0x9000 0x800 0x10 0x20 - not valid -");
  }
}
