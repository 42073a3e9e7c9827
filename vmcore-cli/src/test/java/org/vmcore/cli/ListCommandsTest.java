package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.DumpBuilder;

/** {@code segments}, {@code chunks}, {@code pages}, {@code verify} and {@code vmcoreinfo}. */
class ListCommandsTest {
  @TempDir Path folder;

  @Test
  void segments() throws IOException {
    assertThat(Run.of("segments", Dumps.small(folder)).ok().out().lines())
        .containsExactly(
            "INDEX  TYPE  OFFSET             VIRTUAL  PHYSICAL  FILESIZE  MEMSIZE  FLAGS  ALIGN",
            "    0  NOTE  0x1000                 0x0       0x0     0x1dc    0x1dc  -        0x0",
            "    1  LOAD  0x2000  0xffff888000001000    0x1000    0x2800   0x2800  RWE      0x0",
            "    2  LOAD  0x5000  0xffff888000010000   0x10000     0x800   0x1000  RWE      0x0",
            "    3  LOAD  0x6000  0xffff888000020000   0x20000       0x0   0x1000  RWE      0x0");
  }

  @Test
  void segmentsAsJson() throws IOException {
    assertThat(Run.of("segments", "-j", Dumps.small(folder)).ok().records("segments").get(2))
        .containsExactly(
            Map.entry("index", 2L),
            Map.entry("type", "LOAD"),
            Map.entry("flags", "RWE"),
            Map.entry("offset", "0x5000"),
            Map.entry("vaddr", "0xffff888000010000"),
            Map.entry("paddr", "0x10000"),
            Map.entry("filesz", "0x800"),
            Map.entry("memsz", "0x1000"),
            Map.entry("align", "0x0"));
  }

  @Test
  void virtualAddressThatTheDumpDoesNotKnowIsLeftOut() throws IOException {
    Path dump =
        DumpBuilder.elf64().load(0x1000, 0x1000).vaddr(0x1000).writeTo(folder.resolve("vmcore"));

    assertThat(Run.of("segments", "--no-header", dump).lines())
        .containsExactly("0 LOAD 0x1000 - 0x1000 0x1000 0x1000 RWE 0x0");
    assertThat(Run.of("segments", "-j", dump).records("segments").getFirst())
        .doesNotContainKey("vaddr");
  }

  @Test
  void chunks() throws IOException {
    assertThat(Run.of("chunks", Dumps.small(folder)).ok().out().lines())
        .containsExactly(
            "OFFSET    SIZE  KIND    CONTENT      SOURCE  SEGMENT",
            "   0x0  0x1000  BUFFER  header            -        -",
            "0x1000  0x1000  BUFFER  notes             -        0",
            "0x2000  0x2000  OLDMEM  load         0x2000        1",
            "0x4000  0x1000  BUFFER  load         0x4000        1",
            "0x5000  0x1000  OLDMEM  load         0x5000        2",
            "0x6000  0x1000  OLDMEM  load         0x6000        3");
  }

  @Test
  void chunksAsJson() throws IOException {
    Run run = Run.of("chunks", "-j", Dumps.small(folder)).ok();

    assertThat(run.json()).containsEntry("size", "0x7000");
    assertThat(run.records("chunks"))
        .startsWith(
            Map.of("offset", "0x0", "size", "0x1000", "kind", "BUFFER", "content", "header"))
        .contains(
            Map.of(
                "offset", "0x4000", "size", "0x1000", "kind", "BUFFER", "source", "0x4000",
                "content", "load", "segment", 1L));
  }

  @Test
  void pages() throws IOException {
    assertThat(Run.of("pages", Dumps.small(folder)).ok().lines())
        .containsExactly(
            "PFN COUNT STATE",
            "0x0 1 not_ram",
            "0x1 3 present",
            "0x4 12 not_ram",
            "0x10 1 excluded",
            "0x11 15 not_ram",
            "0x20 1 excluded");
  }

  @Test
  void lostPagesGiveExitStatus3() throws IOException {
    Path dump = Dumps.truncated(folder);
    Run run =
        Run.of("pages", "--json", dump).fails(3, "vmcore: " + dump + ": page frames are lost");

    assertThat(run.records("ranges")).contains(Map.of("pfn", 3L, "count", 1L, "state", "lost"));
  }

  @Test
  void pagesOfADumpWithoutMemory() throws IOException {
    Path dump = DumpBuilder.elf64().vmcoreinfo("OSRELEASE=6.1.0").writeTo(folder.resolve("vmcore"));

    String error = "vmcore: " + dump + ": no PT_LOAD: the dump holds no memory";

    Run.of("pages", dump).fails(1, error);
    assertThat(Run.of("pages", "--json", dump).fails(1, error).records("ranges")).isEmpty();
  }

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
  void vmcoreinfoIsPrintedAsItIs() throws IOException {
    String text =
        """
        OSRELEASE=6.1.0-test
        PAGESIZE=4096
        SYMBOL(init_uts_ns)=ffff888000002000
        CRASHTIME=1700000000
        """;

    assertThat(Run.of("vmcoreinfo", Dumps.small(folder)).ok().out()).isEqualTo(text);
  }

  @Test
  void vmcoreinfoAsJson() throws IOException {
    assertThat(Run.of("vmcoreinfo", "--json", Dumps.small(folder)).ok().json().get("values"))
        .isEqualTo(
            Map.of(
                "OSRELEASE",
                "6.1.0-test",
                "PAGESIZE",
                "4096",
                "SYMBOL(init_uts_ns)",
                "ffff888000002000",
                "CRASHTIME",
                "1700000000"));
  }

  @Test
  void controlCharactersOfVmcoreinfoAreEscapedAndOtherBytesKept() throws IOException {
    Path dump =
        DumpBuilder.elf64()
            .vmcoreinfo("A=\u001b]0;x\u0007", "B=\u00e4\u009b")
            .load(0x1000, 0x1000)
            .writeTo(folder.resolve("vmcore"));

    assertThat(Run.of("vmcoreinfo", dump).bytes())
        .isEqualTo("A=\\x1b]0;x\\x07\nB=\u00e4\\x9b\n".getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void missingVmcoreinfo() throws IOException {
    Path dump = DumpBuilder.elf64().load(0x1000, 0x1000).writeTo(folder.resolve("vmcore"));
    String error = "vmcore: " + dump + ": no VMCOREINFO note";

    assertThat(Run.of("vmcoreinfo", dump).fails(1, error).out()).isEmpty();
    assertThat(Run.of("vmcoreinfo", "-j", dump).fails(1, error).json())
        .containsEntry("values", Map.of());
  }
}
