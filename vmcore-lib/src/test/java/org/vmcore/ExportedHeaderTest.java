package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.DumpBuilder.pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** The ELF header that the image exports, and the page size. */
class ExportedHeaderTest extends OpenedDump {
  @Test
  void headersThatAreNeitherLoadNorNoteAreLeftOut() throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().segment(0x7000_0000, new byte[8]).load(0x2000, 0x1000))) {
      assertThat(vmcore.segments()).singleElement().matches(ProgramHeader::isLoad);
      assertThat(vmcore.isDamaged()).isFalse();
    }
  }

  @Test
  void programHeadersMayStandAnywhere() throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().programHeadersLast().prstatus(1, 11).load(0x2000, 0x1000))) {
      assertThat(vmcore.header().phoff()).isEqualTo(64);
      assertThat(Reading.bytes(vmcore, 0x2000, 0x1000)).isEqualTo(pattern(0x2000, 0x1000));
    }
  }

  @Test
  void aDumpAsQemuWritesItGetsASaneHeader() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64()
            .programHeadersAt(192)
            .set("e_ehsize", 8)
            .set("e_shoff", 64)
            .set("e_shnum", 2)
            .packed()
            .qemuCpuState(1, 2, 3)
            .load(0, 0x2000)
            .load(0xfffc_0000L, 0x1000);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.header().ehsize()).isEqualTo(64);
      assertThat(vmcore.header().phoff()).isEqualTo(64);
      assertThat(vmcore.header().shoff()).isZero();
      assertThat(vmcore.header().shnum()).isZero();
      assertThat(Reading.bytes(vmcore.physical(), 0xfffc_0000L, 0x1000))
          .isEqualTo(pattern(0xfffc_0000L, 0x1000));
    }
  }

  @Test
  void theCountMayStandInSectionZero() throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().extendedCount().load(0x2000, 0x1000).load(0x4000, 0x1000))) {
      assertThat(vmcore.header().phnum()).isEqualTo(2);
      assertThat(vmcore.header().shnum()).isZero();
      assertThat(Reading.bytes(vmcore.physical(), 0x4000, 0x1000))
          .isEqualTo(pattern(0x4000, 0x1000));
    }
  }

  @Test
  void seventyThousandSegmentsAreExportedWithTheirCountInSectionZero() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64().packed();
    for (int i = 0; i < 70_000; i++) {
      dump.load(0x1000L * i + 0x10, 2);
    }
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.segments()).hasSize(70_000);
      assertThat(vmcore.chunks()).hasSize(70_001);
      assertThat(vmcore.header().phnum()).isEqualTo(0xffff);
      long section = vmcore.header().shoff();
      assertThat(section).isEqualTo(64 + 70_000 * 56);
      assertThat(Reading.bytes(vmcore, section + 44, 4)).containsExactly(0x70, 0x11, 0x01, 0x00);
      long last = vmcore.size() - 0x1000;
      assertThat(Reading.bytes(vmcore, last + 0x10, 2))
          .isEqualTo(pattern(0x1000L * 69_999 + 0x10, 2));
      assertThat(Reading.bytes(vmcore.physical(), 0x1000L * 1234 + 0x10, 2))
          .isEqualTo(pattern(0x1000L * 1234 + 0x10, 2));
    }
  }

  @Test
  void whatTheHeaderSaysOtherwiseSurvives() throws Exception {
    try (Vmcore vmcore =
        open(
            DumpBuilder.elf64()
                .set("e_entry", 0x1234_5678_9abcL)
                .set("e_flags", 0x8000_0000L)
                .set("EI_OSABI", 3)
                .set("EI_ABIVERSION", 4)
                .set("EI_PAD", 5)
                .load(0x2000, 0x1000)
                .field("p_flags", 5)
                .field("p_align", 0x1000))) {
      assertThat(vmcore.header().entry()).isEqualTo(0x1234_5678_9abcL);
      assertThat(vmcore.header().flags()).isEqualTo(0x8000_0000);
      assertThat(Reading.bytes(vmcore, 7, 3)).containsExactly(3, 4, 5);
      assertThat(vmcore.segments().getFirst().flags()).isEqualTo(5);
      assertThat(vmcore.segments().getFirst().align()).isEqualTo(0x1000);
    }
  }

  @Test
  void thePageSizeIsWhatVmcoreinfoTells() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64().pageSize(0x10000).vmcoreinfo("PAGESIZE=65536").load(0x12000, 0x1000);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.pageSize()).isEqualTo(0x10000);
      assertThat(vmcore.segments().getLast().offset()).isEqualTo(0x22000);
      assertThat(vmcore.size()).isEqualTo(0x30000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-4096", "4095", "1024", "4194304", "99999999999999999999", "x", ""})
  void aPageSizeThatCantBeIsToldAndNotUsed(String size) throws Exception {
    try (Vmcore vmcore =
        open(DumpBuilder.elf64().vmcoreinfo("PAGESIZE=" + size).load(0x2000, 0x1000))) {
      assertThat(vmcore.pageSize()).isEqualTo(4096);
      assertThat(findings(vmcore, Finding.Severity.WARNING))
          .containsExactly("VMCOREINFO: PAGESIZE is " + size + "; 4096 is used");
    }
  }
}
