package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.PageState;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** PT_LOADs without a physical address: /proc/kcore's, and those of its copies. */
class VirtualSegmentsTest extends OpenedDump {
  private static final long VMALLOC = 0xffff_c900_0000_0000L;
  private static final long TEXT = 0xffff_ffff_8100_0000L;
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;

  /** A copy of /proc/kcore. */
  private static DumpBuilder kcore() {
    return DumpBuilder.elf64()
        .load(VMALLOC, 0x2000)
        .vaddr(VMALLOC)
        .field("p_paddr", -1)
        .load(0x1000, 0x3000)
        .vaddr(DIRECT_MAP + 0x1000);
  }

  @Test
  void noPhysicalAddressIsNoDamage() throws Exception {
    try (Vmcore vmcore = open(kcore())) {
      assertThat(vmcore.isDamaged()).isFalse();
      assertThat(findings(vmcore, Finding.Severity.WARNING)).isEmpty();
      assertThat(Reading.bytes(vmcore.virtual(), VMALLOC, 0x3000))
          .isEqualTo(pattern(VMALLOC, 0x2000));
      assertThat(Reading.bytes(vmcore.virtual(), DIRECT_MAP + 0x1000, 0x3000))
          .isEqualTo(pattern(0x1000, 0x3000));
    }
  }

  @Test
  void itIsNoPhysicalMemory() throws Exception {
    try (Vmcore vmcore = open(kcore())) {
      List<PageRange> pages = new ArrayList<>();
      vmcore.pages(pages::add);
      assertThat(pages)
          .containsExactly(
              new PageRange(0, 1, PageState.NOT_RAM), new PageRange(1, 3, PageState.PRESENT));
      assertThat(vmcore.memorySize()).isEqualTo(0x3000);
      assertThat(Reading.bytes(vmcore.physical(), -1, 1)).isEmpty();
      assertThat(vmcore.verify()).noneMatch(each -> each.severity() == Finding.Severity.ERROR);
    }
  }

  @Test
  void itIsWholePagesOfTheImage() throws Exception {
    try (Vmcore vmcore = open(kcore())) {
      ProgramHeader vmalloc =
          vmcore.segments().stream().filter(ProgramHeader::isLoad).findFirst().get();
      assertThat(vmalloc.isPhysicalKnown()).isFalse();
      assertThat(vmalloc.offset() % 4096).isZero();
      assertThat(Reading.bytes(vmcore, vmalloc.offset(), 0x2000))
          .isEqualTo(pattern(VMALLOC, 0x2000));
    }
  }

  @Test
  void ofA32BitKernel() throws Exception {
    DumpBuilder kcore =
        DumpBuilder.elf32()
            .load(0xf800_0000L, 0x1000)
            .vaddr(0xf800_0000L)
            .field("p_paddr", 0xffff_ffffL)
            .load(0x1000, 0x1000)
            .vaddr(0xc000_1000L);
    try (Vmcore vmcore = open(kcore)) {
      assertThat(vmcore.isDamaged()).isFalse();
      assertThat(vmcore.memorySize()).isEqualTo(0x1000);
      assertThat(Reading.bytes(vmcore.virtual(), 0xf800_0000L, 0x1000))
          .isEqualTo(pattern(0xf800_0000L, 0x1000));
    }
  }

  @Test
  void olderKernelsTellNoPhysicalAddressAtAll() throws Exception {
    DumpBuilder kcore =
        DumpBuilder.elf64()
            .load(TEXT, 0x1000)
            .vaddr(TEXT)
            .field("p_paddr", 0)
            .load(DIRECT_MAP, 0x2000)
            .vaddr(DIRECT_MAP)
            .field("p_paddr", 0);
    try (Vmcore vmcore = open(kcore)) {
      assertThat(vmcore.isDamaged()).isFalse();
      assertThat(vmcore.memorySize()).isZero();
      assertThat(Reading.bytes(vmcore.virtual(), TEXT, 0x1000)).isEqualTo(pattern(TEXT, 0x1000));
      assertThat(Reading.bytes(vmcore.virtual(), DIRECT_MAP, 0x2000))
          .isEqualTo(pattern(DIRECT_MAP, 0x2000));
    }
  }

  @Test
  void aSingleLoadAtZeroIsPhysical() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(0, 0x1000).vaddr(DIRECT_MAP))) {
      assertThat(vmcore.memorySize()).isEqualTo(0x1000);
    }
  }
}
