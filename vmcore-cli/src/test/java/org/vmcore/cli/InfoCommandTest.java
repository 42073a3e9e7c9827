package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.elf.ElfClass;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.PrintkRingBytes;
import org.vmcore.testing.TasksKernel;

class InfoCommandTest {
  @TempDir Path folder;

  @Test
  void text() throws IOException {
    assertThat(Run.of("info", Dumps.small(folder)).ok().lines())
        .containsExactly(
            "format: elf",
            "header: ELF64 core file, version 1 (SYSV)",
            "finished: yes",
            "architecture: x86_64, 64 bits, little endian",
            "kernel: 6.1.0-test",
            "crash time: 2023-11-14T22:13:20Z",
            "page tables: none: VMCOREINFO tells of no root",
            "symbols: none: the kernel's kallsyms isn't found",
            "log: none: VMCOREINFO tells neither of prb nor of log_buf",
            "CPUs: 1",
            "page size: 0x1000 (4 KiB)",
            "image size: 0x7000 (28 KiB)",
            "memory: 0x4800 (18 KiB)",
            "segments: 4",
            "chunks: 6 (3 OLDMEM, 3 BUFFER)",
            "pages: 3 present",
            "missing: 2 pages excluded (8 KiB)");
  }

  @Test
  void json() throws IOException {
    Path dump = Dumps.small(folder);

    assertThat(Run.of("info", "--json", dump).ok().json())
        .containsExactly(
            Map.entry("schema", 1L),
            Map.entry("command", "info"),
            Map.entry("dump", dump.toString()),
            Map.entry("format", "elf"),
            Map.entry("elf_osabi", "SYSV"),
            Map.entry("finished", true),
            Map.entry("arch", "x86_64"),
            Map.entry("byte_order", "little"),
            Map.entry("bits", 64L),
            Map.entry("elf_class", 64L),
            Map.entry("page_size", "0x1000"),
            Map.entry("size", "0x7000"),
            Map.entry("memory_size", "0x4800"),
            Map.entry("cpus", 1L),
            Map.entry("segments", 4L),
            Map.entry("chunks", 6L),
            Map.entry("pages", Map.of("present", 3L, "excluded", 2L, "lost", 0L, "not_ram", 28L)),
            Map.entry("release", "6.1.0-test"),
            Map.entry("crash_time", "1700000000"),
            Map.entry("warnings", List.of()));
  }

  @Test
  void prettyJsonSaysTheSame() throws IOException {
    Path dump = Dumps.small(folder);
    Run pretty = Run.of("info", "-j", "-p", dump).ok();

    assertThat(pretty.out()).startsWith("{\n  \"schema\": 1,\n").contains("\n    \"present\": 3");
    assertThat(pretty.json()).isEqualTo(Run.of("info", "-j", dump).json());
  }

  @Test
  void absentKnowledgeIsLeftOut() throws IOException {
    Path dump =
        DumpBuilder.of(ElfClass.ELF32, ByteOrder.BIG_ENDIAN)
            .load(0x1000, 0x1000)
            .writeTo(folder.resolve("vmcore"));

    assertThat(Run.of("info", "--json", dump).ok().json())
        .containsEntry("byte_order", "big")
        .containsEntry("elf_class", 32L)
        .containsEntry("arch", "ppc")
        .doesNotContainKeys("release", "crash_time", "possible_cpus", "panic");
  }

  @Test
  void theKernelIsBelievedOverItsHeaders() throws IOException {
    Path dump =
        DumpBuilder.elf64()
            .machine(40)
            .note("CORE", 1, new byte[148])
            .vmcoreinfo("OSRELEASE=5.15.0", "SYMBOL(_stext)=c0200000", "CONFIG_ARM_LPAE=y")
            .load(0x1000, 0x1000)
            .writeTo(folder.resolve("vmcore"));
    String warning =
        "the headers have 64 bits, the kernel is taken for arm of 32 bits"
            + " (VMCOREINFO's CONFIG_ARM_LPAE)";

    assertThat(Run.of("info", dump).ok().lines())
        .contains("architecture: arm, 32 bits, little endian", "warning: " + warning);
    assertThat(Run.of("info", "--json", dump).ok().json())
        .containsEntry("bits", 32L)
        .containsEntry("elf_class", 64L)
        .containsEntry("warnings", List.of(warning));
    assertThat(Run.of("notes", dump).ok().out()).contains("pid 0 signal 0 pc 0x0");
  }

  @Test
  void possibleCpusAreTheNoteAreasOfUnmergedHeaders() throws IOException {
    Path dump =
        DumpBuilder.elf64()
            .noteArea(0x170)
            .prstatus(1, 0)
            .noteArea(0x170)
            .noteArea(0x170)
            .prstatus(0, 0)
            .noteArea(0x100)
            .vmcoreinfo("OSRELEASE=6.1.0")
            .load(0x1000, 0x1000)
            .writeTo(folder.resolve("vmcore"));

    Run run = Run.of("info", "--json", dump);

    assertThat(run.json()).containsEntry("cpus", 2L).containsEntry("possible_cpus", 3L);
    assertThat(Run.of("info", dump).lines()).contains("CPUs: 2 of 3 possible");
  }

  @Test
  void damageGivesExitStatus3() throws IOException {
    Path dump = Dumps.truncated(folder);
    String warning = "the file ends too early: 4096 bytes of 2 segments are lost";

    Run text = Run.of("info", dump).fails(3);
    Run json = Run.of("info", "--json", dump).fails(3);

    assertThat(text.lines()).contains("missing: 2 pages lost (8 KiB)", "warning: " + warning);
    assertThat(json.json()).containsEntry("warnings", List.of(warning));
  }

  @Test
  void controlCharactersOfTheDumpAreEscaped() throws IOException {
    Path dump =
        DumpBuilder.elf64()
            .vmcoreinfo("OSRELEASE=\u001b[2J\u009b\"\\")
            .load(0x1000, 0x1000)
            .writeTo(folder.resolve("vmcore"));

    assertThat(Run.of("info", dump).lines()).contains("kernel: \\x1b[2J\\x9b\"\\");
    Run json = Run.of("info", "--json", dump);
    assertThat(json.out()).contains("\"\\u001b[2J\\u009b\\\"\\\\\"");
    assertThat(json.json()).containsEntry("release", "\u001b[2J\u009b\"\\");
  }

  @Test
  void nonsenseCrashTimeIsShownAsItIs() throws IOException {
    Path dump =
        DumpBuilder.elf64()
            .vmcoreinfo("CRASHTIME=9223372036854775807")
            .load(0x1000, 0x1000)
            .writeTo(folder.resolve("vmcore"));

    assertThat(Run.of("info", dump).lines()).contains("crash time: 9223372036854775807");
  }

  @Test
  void withoutTheKernelsDataItsLogTellsWhatTaintedIt() throws IOException {
    KernelDump kernel = new KernelDump();
    PrintkRingBytes ring = new PrintkRingBytes(kernel, 5, 12, 0);
    ring.add(1, 0, "BUG: kernel NULL pointer dereference, address: 0000000000000000");
    ring.add(2, 0, "CPU: 3 UID: 0 PID: 7 Comm: culprit Tainted: G           OE      6.12 #1");

    assertThat(
            Run.of("info", "--json", kernel.dump().writeTo(folder.resolve("vmcore"))).ok().json())
        .containsEntry("taints", "OE")
        .containsEntry("crashed_cpu", 3L)
        .containsEntry("crashed_task", Map.of("pid", 7L, "comm", "culprit"));
  }

  @Test
  void memoryIsCountedByTheKernelsOwnPages() throws IOException {
    TasksKernel kernel = new TasksKernel();
    kernel.memory().withoutInfo("PAGESIZE").info("PAGESIZE=65536");
    kernel.dump();
    Path dump =
        kernel
            .memory()
            .dumpWithoutNote(KernelDump.BASE + 0x3_c000)
            .writeTo(folder.resolve("vmcore"));

    assertThat(Run.of("info", dump).lines())
        .contains(
            "kernel memory: 2 GiB",
            "page size: 0x1000 (4 KiB)",
            "warning: the dump is read by pages of 0x1000 bytes, the kernel's have 0x10000, as"
                + " VMCOREINFO in memory tells");
  }
}
