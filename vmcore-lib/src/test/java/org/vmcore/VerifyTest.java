package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.testing.DumpBuilder;

/** What every check says. */
class VerifyTest {
  @TempDir Path dir;

  private List<Finding> verify(DumpBuilder dump) throws IOException {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(dir.resolve("dump")))) {
      return vmcore.verify();
    }
  }

  private static List<String> messages(List<Finding> findings, Severity severity) {
    return findings.stream()
        .filter(finding -> finding.severity() == severity)
        .map(Finding::message)
        .toList();
  }

  private static DumpBuilder good() {
    return DumpBuilder.elf64()
        .prstatus(1, 11)
        .vmcoreinfo("OSRELEASE=6.1.0", "PAGESIZE=4096")
        .load(0x1000, 0x3000)
        .vaddr(0xffff_8880_0000_1000L);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  @Timeout(60) // to read the hole would take many minutes
  void holesOfTheFileArePassedOver() throws Exception {
    assertThat(verify(good().sparse(1L << 40, 1L << 40)))
        .extracting(Finding::message)
        .anyMatch(message -> message.matches("\\d+ bytes .* were read, \\d{13} more are holes.*"));
  }

  @Test
  void aGoodDumpHasNothingWrongAndEveryCheckSaysWhatItSaw() throws Exception {
    List<Finding> findings = verify(good());
    assertThat(findings).allMatch(finding -> finding.severity() == Severity.INFO);
    assertThat(findings.stream().map(Finding::check).distinct())
        .containsExactly(
            "elf_header",
            "program_headers",
            "virtual_addresses",
            "overlaps",
            "notes",
            "note_contents",
            "vmcoreinfo",
            "chunks",
            "page_contents",
            "pages");
    assertThat(findings)
        .extracting(Finding::message)
        .contains(
            "ELF64 little-endian x86_64, page size 4096",
            "1 PT_LOAD and 1 PT_NOTE",
            "2 notes decoded, 0 of types that stay raw",
            "2 keys, kernel 6.1.0",
            "1 OLDMEM chunks, 0 BUFFER chunks of fractional pages",
            "12288 bytes of physical memory were read",
            "page frames: 3 present, 0 excluded, 0 lost, 1 not ram");
  }

  @Test
  void overlapsAreTold() throws Exception {
    List<Finding> findings = verify(good().load(0x3000, 0x2000).load(0x1800, 0x100));
    assertThat(messages(findings, Severity.INFO))
        .contains(
            "PT_LOADs 1 and 3 overlap in physical memory",
            "PT_LOADs 1 and 2 overlap in physical memory");
  }

  @Test
  void manyOverlapsAreCounted() throws Exception {
    DumpBuilder dump = good();
    for (int i = 0; i < 100; i++) {
      dump.load(0x2000, 0x10);
    }
    List<String> messages = messages(verify(dump), Severity.INFO);
    assertThat(messages).filteredOn(m -> m.startsWith("PT_LOADs ")).hasSize(16);
    assertThat(messages).contains("100 PT_LOADs overlap an earlier one in physical memory");
  }

  @Test
  void loadsThatOnlyMeetDoNotOverlap() throws Exception {
    assertThat(messages(verify(good().load(0x4000, 0x1000)), Severity.INFO))
        .contains("0 PT_LOADs overlap an earlier one in physical memory");
  }

  @Test
  void aDumpWithoutMemoryOrNotesIsStrange() throws Exception {
    assertThat(messages(verify(DumpBuilder.elf64().prstatus(1, 11)), Severity.WARNING))
        .contains("no PT_LOAD: the dump holds no memory", "no VMCOREINFO note");
    assertThat(messages(verify(DumpBuilder.elf64().load(0x1000, 0x1000)), Severity.WARNING))
        .contains("no PT_NOTE");
  }

  @Test
  void moreInTheFileThanInMemoryIsStrange() throws Exception {
    assertThat(messages(verify(good().memsz(0x1000)), Severity.WARNING))
        .contains("program header 1: p_filesz 0x3000 is more than p_memsz 0x1000");
  }

  @Test
  void aLineOfVmcoreinfoWithoutAnEqualsSignIsStrange() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64().vmcoreinfo("A=1", "rubbish").load(0x1000, 0x1000);
    assertThat(messages(verify(dump), Severity.WARNING))
        .containsExactly("a line without '=': rubbish");
  }

  @Test
  void whatWasSeenAtOpeningIsAmongTheFindings() throws Exception {
    List<Finding> findings = verify(good().truncateAt(0x3000));
    assertThat(messages(findings, Severity.ERROR))
        .containsExactly(
            "the file ends too early: 8192 bytes of 1 segments are lost",
            "physical addresses 0x2000-0x3fff are lost: the file ends here");
    assertThat(messages(findings, Severity.INFO))
        .contains("page frames: 1 present, 0 excluded, 2 lost, 1 not ram");
  }

  @Test
  void aHeaderIsNamedByItsIndexInTheFileThoughOthersAreRefused() throws Exception {
    List<Finding> findings =
        verify(
            DumpBuilder.elf64()
                .load(-0x800, 0x10)
                .memsz(0x1000)
                .noteArea(0x100)
                .load(0x1000, 0x1000));
    assertThat(messages(findings, Severity.ERROR))
        .singleElement()
        .asString()
        .startsWith("program header 0 (LOAD): ");
    assertThat(messages(findings, Severity.WARNING))
        .contains("program header 1: Zero PT_NOTE entries found");
  }
}
