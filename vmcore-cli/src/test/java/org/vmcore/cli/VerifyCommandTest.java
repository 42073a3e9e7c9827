package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.StructPagesKernel;

class VerifyCommandTest {
  @TempDir Path folder;

  @Test
  void verify() throws IOException {
    Run text = Run.of("verify", Dumps.small(folder)).ok();
    Run json = Run.of("verify", "--json", folder.resolve("vmcore")).ok();

    assertThat(text.out().lines())
        .contains("info elf_header: ELF64 little-endian x86_64, page size 4096")
        .endsWith("ok: 0 errors, 0 warnings");
    assertThat(json.json()).containsEntry("ok", true);
    assertThat(json.records("findings"))
        .allSatisfy(finding -> assertThat(finding).containsEntry("severity", "info"));
  }

  @Test
  void verifyTellsOfDamage() throws IOException {
    Run text = Run.of("verify", Dumps.truncated(folder)).fails(3);
    Run json = Run.of("verify", "--json", folder.resolve("truncated")).fails(3);

    String message = "the file ends too early: 4096 bytes of 2 segments are lost";
    assertThat(text.out().lines())
        .contains("error file_size: offset 0x4000: " + message)
        .contains(
            "error page_contents: offset 0x4000: physical addresses 0x3000-0x37ff are lost: the"
                + " file ends here")
        .endsWith("damaged: 3 errors, 0 warnings");
    assertThat(json.json()).containsEntry("ok", false);
    assertThat(json.records("findings"))
        .contains(
            Map.of(
                "check", "file_size", "severity", "error", "offset", "0x4000", "message", message));
  }

  @Test
  void verifyTellsOfAnImageThatWasLeftOut() throws IOException {
    Path left =
        new KernelDump()
            .infoSymbol("_stext", KernelDump.BASE)
            .excludedFrom(KernelDump.BASE + 0x10_0000)
            .dump()
            .writeTo(folder.resolve("left"));

    assertThat(Run.of("verify", left).ok().lines())
        .contains(
            "warning essential_memory: 256 pages of the kernel's image are excluded, the first at"
                + " physical address 0x1100000; a filtered ELF dump has no pages of zeros, either");
  }

  @Test
  void verifyTellsOfAnImageThatIsLost() throws IOException {
    Path lost =
        new KernelDump()
            .infoSymbol("_stext", KernelDump.BASE)
            .lostFrom(KernelDump.BASE + 0x1f_f000)
            .dump()
            .writeTo(folder.resolve("lost"));

    assertThat(Run.of("verify", lost).fails(3).out())
        .contains(
            "error essential_memory: 1 page of the kernel's image is lost, the first at physical"
                + " address 0x11ff000");
  }

  @Test
  void verifyTellsOfStructPagesThatCantBeFound() throws IOException {
    Path bent =
        new StructPagesKernel(StructPagesKernel.Generation.V6_12)
            .u64(StructPagesKernel.ROOTS, 0)
            .dump()
            .writeTo(folder.resolve("bent"));

    assertThat(Run.of("verify", bent).ok().lines())
        .contains(
            "info essential_memory: not checked: struct pages can't be found: nothing tells where");
  }

  @Test
  void verifyDoesntWarnOfWhatMayHaveBeenFreed() throws IOException {
    long last = KernelDump.BASE + KernelDump.SIZE - 0x1000;
    Path left =
        new KernelDump()
            .infoSymbol("_stext", KernelDump.BASE)
            .excludedFrom(last)
            .dump()
            .machine(183)
            .writeTo(folder.resolve("arm"));

    assertThat(Run.of("verify", left).ok().lines())
        .contains(
            "info essential_memory: 1 page of what may be free at the end of"
                + " the kernel's image is excluded, the first at physical address 0x11ff000")
        .noneMatch(line -> line.startsWith("warning essential_memory"));
  }
}
