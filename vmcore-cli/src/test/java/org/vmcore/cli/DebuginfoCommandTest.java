package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.ElfSections;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.TasksKernel;

class DebuginfoCommandTest {
  private static final long MOVED = 0x10_0000;
  private static final long BTF = BASE + 0x5000;

  @TempDir Path folder;

  private Path dump() throws IOException {
    return dump(new KernelDump().info("BUILD-ID=0102030405060708"));
  }

  private Path dump(KernelDump kernel) throws IOException {
    kernel.infoSymbol("_stext", BASE).info("KERNELOFFSET=" + Long.toHexString(MOVED));
    BtfBuilder types = new BtfBuilder();
    types.struct("task_struct", 8).member("pid", types.signed("int", 4), 0).end();
    byte[] btf = types.build();
    kernel.bytes(BTF, btf);
    new KallsymsBytes(Scheme.PERCPU_SIGNED)
        .add(BTF, 'R', "__start_BTF")
        .add(BTF + btf.length, 'R', "__stop_BTF")
        .add(BASE, 'T', "_stext")
        .add(BASE, 'T', "_text")
        .add(BASE + 0x20, 'T', "panic")
        .add(BASE + 0x4000, 'T', "_etext")
        .add(BASE + 0x1_0000, 'D', "_sdata")
        .add(BASE + 0x1_0100, 'D', "init_task")
        .add(BASE + 0x1_1000, 'D', "_edata")
        .add(BASE + 0x1_2000, 'B', "_end")
        .add(BASE + 0x1_3000, 'B', "behind")
        .writeTo(kernel);
    return kernel.dump().writeTo(folder.resolve("vmcore"));
  }

  @Test
  void written() throws IOException {
    Path dump = dump();
    Path out = folder.resolve("vmlinux");

    Run run = Run.of("debuginfo", "-o", out, dump).ok();

    assertThat(run.lines())
        .contains(
            "for: crash,drgn",
            "build ID: 0102030405060708",
            "symbols: 10",
            "types: 2, 0 functions, 1 variable",
            "use: crash " + out + " " + dump + ", or drgn -c " + dump + " -s " + out);
    assertThat(run.lines().getFirst()).startsWith("output: " + out + ", ");
    assertThat(ElfSections.of(out).symbols().get("panic").value()).isEqualTo(BASE + 0x20 - MOVED);
  }

  /** One file serves both. */
  @Test
  void forOneOfTwoThatTakeTheSame() throws IOException {
    for (String tool : List.of("crash", "drgn")) {
      Run run = Run.of("debuginfo", "--for", tool, "-o", folder.resolve(tool), dump()).ok();
      assertThat(run.lines()).contains("for: crash,drgn");
    }
    assertThat(folder.resolve("crash")).hasSameBinaryContentAs(folder.resolve("drgn"));
  }

  @Test
  void forGdb() throws IOException {
    Path dump = dump();
    Path out = folder.resolve("vmlinux");

    Run run = Run.of("debuginfo", "--for", "gdb", "-o", out, dump).ok();

    assertThat(run.lines())
        .contains("for: gdb", "use: vmcore core -o core " + dump + ", then gdb " + out + " core");
    assertThat(ElfSections.of(out).symbols().get("panic").value()).isEqualTo(BASE + 0x20);
  }

  @Test
  void modules() throws IOException {
    TasksKernel kernel = new TasksKernel();
    kernel.module("virtio", 0xffff_ffff_c000_0000L, 0x3000, 0, 2);
    Path dump = kernel.dump().writeTo(folder.resolve("vmcore"));
    Path modules = folder.resolve("modules");

    Run run = Run.of("debuginfo", "-o", folder.resolve("vmlinux"), "--modules", modules, dump);

    assertThat(run.lines()).contains("modules: 0 files in " + modules);
    assertThat(run.err()).contains("module virtio: ");
  }

  @Test
  void withoutTextItIsSmaller() throws IOException {
    Path dump = dump();
    Path small = folder.resolve("small");
    Path whole = folder.resolve("whole");

    Run.of("debuginfo", "--without-text", "-o", small, dump).ok();
    Run.of("debuginfo", "-o", whole, dump).ok();

    assertThat(Files.size(small)).isLessThan(Files.size(whole));
  }

  @Test
  void asJson() throws IOException {
    Path out = folder.resolve("vmlinux");

    Run run = Run.of("debuginfo", "--json", "-o", out, dump()).ok();

    assertThat(run.json())
        .containsEntry("output", out.toString())
        .containsEntry("for", "crash,drgn")
        .containsEntry("written", true)
        .containsEntry("build_id", "0102030405060708")
        .containsEntry("symbols", 10L);
    assertThat(run.records("findings").getLast())
        .containsEntry("message", "1 symbol lies in no section: left out");
  }

  @Test
  void whatIsOfLittleMatterIsToldWhenAskedFor() throws IOException {
    Path dump = dump();

    assertThat(Run.of("debuginfo", "-o", folder.resolve("a"), dump).ok().err()).isEmpty();
    Run verbose = Run.of("debuginfo", "--verbose", "-o", folder.resolve("b"), dump);
    assertThat(verbose.status()).isZero();
    assertThat(verbose.err())
        .isEqualTo("vmcore: " + dump + ": 1 symbol lies in no section: left out\n");
  }

  @Test
  void whatIsLostGivesStatus3() throws IOException {
    Path dump = dump(new KernelDump().lostFrom(BASE + 0x1_0800));
    Path out = folder.resolve("vmlinux");

    Run run = Run.of("debuginfo", "-o", out, dump);

    assertThat(run.status()).isEqualTo(3);
    assertThat(run.err()).contains("0x800 bytes of the kernel's image are lost, zeros in the file");
    assertThat(out).exists();
  }

  @Test
  void stored() throws IOException {
    Path dump = dump();
    Path store = folder.resolve("store");
    Path file = store.resolve(".build-id/01/02030405060708.debug");

    assertThat(Run.of("debuginfo", "--store", store, dump).ok().lines().getFirst())
        .startsWith("output: " + file + ", ");
    assertThat(Run.of("debuginfo", "--store", store, dump).ok().lines().getFirst())
        .isEqualTo("output: " + file + ", there already: left as it is (--force replaces it)");
    assertThat(Run.of("debuginfo", "--json", "--store", store, dump).ok().json())
        .containsEntry("written", false)
        .doesNotContainKey("symbols");
  }

  @Test
  void whatMakesNoSenseIsRefused() throws IOException {
    Path dump = dump();

    Run.of("debuginfo", dump).misused("vmcore debuginfo", "Give one of --output and --store");
    Run.of("debuginfo", "-o", "a", "--store", "b", dump)
        .misused("vmcore debuginfo", "Give one of --output and --store");
    Run.of("debuginfo", "--for", "gdb", "--store", "b", dump)
        .misused(
            "vmcore debuginfo",
            "--store has no effect with --for gdb: such a file is that of one dump, not of a build");
    assertThat(Run.of("debuginfo", "--json", "-o", "-", dump).err())
        .contains("The file goes to stdout: there is no room for JSON");
  }

  @Test
  void existingFilesAreKept() throws IOException {
    Path dump = dump();
    Path out = Files.writeString(folder.resolve("vmlinux"), "other");

    assertThat(Run.of("debuginfo", "-o", out, dump).status()).isEqualTo(1);
    assertThat(out).hasContent("other");
    Run.of("debuginfo", "--force", "-o", out, dump).ok();
  }

  @Test
  void withoutAKernelThereIsNone() throws IOException {
    Path dump = Dumps.small(folder);
    Path out = folder.resolve("vmlinux");

    Run.of("debuginfo", "-o", out, dump)
        .fails(
            1,
            "vmcore: "
                + dump
                + ": no symbols _text and _end: nothing tells where the kernel's image lies");
    assertThat(out).doesNotExist();
  }
}
