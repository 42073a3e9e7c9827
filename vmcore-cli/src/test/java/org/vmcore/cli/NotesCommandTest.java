package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KernelDump;

class NotesCommandTest {
  @TempDir Path folder;

  private Path everyKind() throws IOException {
    return DumpBuilder.elf64()
        .prstatus(4711, 11, 1, 2, 3)
        .vmcoreinfo("OSRELEASE=6.1.0-test", "PAGESIZE=4096", "CRASHTIME=1700000000")
        .vmcoredd("nic0", new byte[0x100])
        .qemuCpuState(0xaa)
        .note("CORE", 1, new byte[8])
        .note("ODD\u001b", 77, new byte[4])
        .load(0x1000, 0x1000)
        .writeTo(folder.resolve("vmcore"));
  }

  @Test
  void text() throws IOException {
    assertThat(Run.of("notes", everyKind()).ok().lines())
        .containsExactly(
            "INDEX NAME TYPE OFFSET SIZE SUMMARY",
            "0 CORE NT_PRSTATUS 0x1000 0x150 pid 4711 signal 11 rip 0x0",
            "1 VMCOREINFO VMCOREINFO 0x1164 0x38"
                + " 6.1.0-test page size 4096 crashed 2023-11-14T22:13:20Z",
            "2 LINUX NT_VMCOREDD 0x11b4 0x12c nic0 0x100 bytes",
            "3 QEMU QEMU_CPU_STATE 0x12f4 0x1b8 version 1 rip 0x0",
            "4 CORE NT_PRSTATUS 0x14c0 0x8 error: pr_info: read past the end (8 bytes left)",
            "5 ODD\\x1b 0x4d 0x14dc 0x4");
  }

  @Test
  void json() throws IOException {
    var notes = Run.of("notes", "--json", everyKind()).ok().records("notes");

    assertThat(notes.get(0))
        .containsEntry("index", 0L)
        .containsEntry("name", "CORE")
        .containsEntry("type", 1L)
        .containsEntry("type_name", "NT_PRSTATUS")
        .containsEntry("offset", "0x1000")
        .containsEntry("descsz", "0x150")
        .containsEntry("pid", 4711L)
        .containsEntry("signal", 11L);
    assertThat(notes.get(0).get("registers"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("r15", "0x1")
        .containsEntry("r13", "0x3");
    assertThat(notes.get(1))
        .containsEntry("release", "6.1.0-test")
        .containsEntry("page_size", "0x1000")
        .containsEntry("crash_time", "1700000000");
    assertThat(notes.get(2)).containsEntry("dump_name", "nic0").containsEntry("data_size", "0x100");
    assertThat(notes.get(3)).containsEntry("version", 1L).containsKey("registers");
    assertThat(notes.get(4)).containsKey("error").doesNotContainKey("pid");
    assertThat(notes.get(5)).containsEntry("name", "ODD\u001b").containsEntry("type_name", "0x4d");
  }

  @Test
  void rawWritesTheMergedNotes() throws IOException {
    Path dump = everyKind();
    Path target = folder.resolve("notes.bin");

    assertThat(Run.of("notes", "--raw", target, dump).ok().out()).isEmpty();

    byte[] file = Files.readAllBytes(dump);
    byte[] raw = Files.readAllBytes(target);
    assertThat(raw).isEqualTo(Arrays.copyOfRange(file, 0x1000, 0x1000 + raw.length));
    Run.of("notes", "--raw", target, dump)
        .fails(1, "vmcore: " + target + ": cannot create: it already exists");
    Run.of("notes", "--raw", target, "--force", dump).ok();
  }

  @Test
  void noNotes() throws IOException {
    Path dump = DumpBuilder.elf64().load(0x1000, 0x1000).writeTo(folder.resolve("vmcore"));
    String error = "vmcore: " + dump + ": no notes";

    assertThat(Run.of("notes", dump).fails(1, error).out()).isEmpty();
    assertThat(Run.of("notes", "--json", dump).fails(1, error).json())
        .containsEntry("notes", List.of());
    Run.of("notes", "--raw", folder.resolve("x"), dump).fails(1, error);
  }

  @Test
  void lostNotesGiveExitStatus3() throws IOException {
    Path dump =
        DumpBuilder.elf64()
            .prstatus(1, 0)
            .prstatus(2, 0)
            .truncateAt(0x1000 + 0x164 + 0x20)
            .writeTo(folder.resolve("vmcore"));
    Path raw = folder.resolve("raw");

    String lost = "vmcore: " + dump + ": notes, or parts of them, are lost";

    assertThat(Run.of("notes", "--json", dump).fails(3, lost).records("notes").getFirst())
        .containsEntry("pid", 1L);
    Run write = Run.of("notes", "--raw", raw, dump);
    assertThat(write.status()).isEqualTo(3);
    assertThat(write.err()).contains("bytes lost: written as zeros");
    assertThat(raw).exists();
  }

  @Test
  void optionsWithoutAnEffectAreRefused() {
    Run.of("notes", "--force", "x").misused("vmcore notes", "--force has no effect without --raw");
    Run.of("notes", "--raw", "x", "-j", "y")
        .fails(2, "vmcore: --json has no effect with --raw", "Try 'vmcore notes --help'.");
    Run.of("notes", "--raw", "x", "--no-header", "y")
        .misused("vmcore notes", "--no-header has no effect with --raw");
  }

  @Test
  void functionsThatCpusWereIn() {
    Path sample = Contract.FOLDER.resolveSibling("samples/dumps/tasks.vmcore");

    assertThat(Run.of("notes", "--no-header", sample).ok().lines().getLast())
        .endsWith("pid 20 signal 0 rip 0xffffffff81001203 fault+0x3");
    assertThat(Run.of("notes", "--json", sample).records("notes").getLast())
        .containsEntry("symbol", "fault")
        .containsEntry("symbol_offset", "0x3")
        .doesNotContainKey("module");
  }

  @Test
  void functionsOfModulesButNotOfProcesses() throws IOException {
    long[] inModule = new long[17];
    inModule[16] = KernelDump.BASE + 0x104010;
    long[] inProcess = new long[17];
    inProcess[16] = 0x7000_0000_1234L;
    Path dump =
        ContractTest.withModule()
            .dump()
            .prstatus(1, 0, inModule)
            .prstatus(2, 0, inProcess)
            .writeTo(folder.resolve("modules"));

    List<String> lines = Run.of("notes", "--no-header", dump).ok().lines();
    assertThat(lines.get(1)).endsWith(" rip 0xffffffff81104010 virtio_init+0x10 [virtio]");
    assertThat(lines.get(2)).endsWith("pid 2 signal 0 rip 0x700000001234");
  }

  @Test
  void nothingIsSearchedForWithoutVmcoreinfo() throws IOException {
    long[] registers = new long[17];
    registers[16] = KernelDump.BASE + 0x1004;
    Path dump =
        ContractTest.withModule()
            .dumpWithoutNote(KernelDump.BASE + 0x3000)
            .prstatus(1, 0, registers)
            .writeTo(folder.resolve("bare"));

    assertThat(Run.of("symbol", dump, "0xffffffff81001004").ok().lines().getLast())
        .contains("_stext+0x4");
    assertThat(Run.of("notes", dump).ok().lines().getLast()).endsWith("rip 0xffffffff81001004");
  }
}
