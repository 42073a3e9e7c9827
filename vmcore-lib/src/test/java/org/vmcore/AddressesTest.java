package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.memory.PageState.EXCLUDED;
import static org.vmcore.memory.PageState.LOST;
import static org.vmcore.memory.PageState.NOT_RAM;
import static org.vmcore.memory.PageState.PRESENT;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageRange;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

/** Reads by physical and by virtual address, and the states of page frames. */
class AddressesTest {
  private static final long DIRECT_MAP = 0xffff_8880_0000_0000L;
  private static final long TEXT = 0xffff_ffff_8100_0000L;

  @TempDir Path dir;

  private Vmcore open(DumpBuilder dump) throws IOException {
    return Vmcore.open(dump.writeTo(dir.resolve("dump")));
  }

  private List<PageRange> pages(DumpBuilder dump) throws IOException {
    List<PageRange> pages = new ArrayList<>();
    try (Vmcore vmcore = open(dump)) {
      vmcore.pages(pages::add);
    }
    return pages;
  }

  /** Kernel text first, and its range again inside of the RAM behind it. */
  private static DumpBuilder kernel() {
    return DumpBuilder.elf64()
        .load(0x3000, 0x1000)
        .vaddr(TEXT)
        .load(0x1000, 0x8000)
        .vaddr(DIRECT_MAP + 0x1000);
  }

  @Test
  void aPhysicalReadGoesAcrossSegmentsThatMeet() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(0x3800, 0x1000).load(0x1000, 0x2800))) {
      assertThat(Reading.bytes(vmcore.physical(), 0x1000, 0x8000))
          .isEqualTo(pattern(0x1000, 0x3800));
    }
  }

  @Test
  void aPhysicalReadEndsWhereThereIsNoRam() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(0x1000, 0x1000).load(0x3000, 0x1000))) {
      assertThat(Reading.bytes(vmcore.physical(), 0x1800, 0x2000))
          .isEqualTo(pattern(0x1800, 0x800));
      assertThat(Reading.bytes(vmcore.physical(), 0x2000, 1)).isEmpty();
      assertThat(vmcore.physical().extentAt(0x2800)).isEqualTo(new Extent(0x2000, 0x1000, NOT_RAM));
    }
  }

  @Test
  void thePaddingOfAFractionalPageIsNoPhysicalMemory() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().padding(0xaa).load(0x1800, 0x100))) {
      assertThat(Reading.bytes(vmcore.physical(), 0x1800, 0x800)).isEqualTo(pattern(0x1800, 0x100));
      assertThat(Reading.bytes(vmcore.physical(), 0x17ff, 1)).isEmpty();
    }
  }

  @Test
  void textAndDirectMapAreBothVirtualMemory() throws Exception {
    try (Vmcore vmcore = open(kernel())) {
      assertThat(Reading.bytes(vmcore.virtual(), TEXT, 0x2000)).isEqualTo(pattern(0x3000, 0x1000));
      assertThat(Reading.bytes(vmcore.virtual(), DIRECT_MAP + 0x1000, 0x9000))
          .isEqualTo(pattern(0x1000, 0x8000));
      assertThat(Reading.bytes(vmcore.virtual(), 0x1000, 1)).isEmpty();
      assertThat(vmcore.virtual().extentAt(0).state()).isEqualTo(NOT_RAM);
      assertThat(vmcore.memorySize()).isEqualTo(0x8000);
    }
  }

  @Test
  void wherePVaddrIsPPaddrThereIsNoVirtualMemory() throws Exception {
    DumpBuilder qemu = DumpBuilder.elf64().load(0, 0x1000).load(0x2000, 0x1000).vaddr(0x2000);
    try (Vmcore vmcore = open(qemu)) {
      assertThat(vmcore.segments()).noneMatch(vmcore::isVirtualKnown);
      assertThat(Reading.bytes(vmcore.virtual(), 0x2000, 16)).isEmpty();
      assertThat(vmcore.virtual().extentAt(0x2000)).isEqualTo(new Extent(0, 1L << 63, NOT_RAM));
    }
  }

  @Test
  void onS390xPVaddrIsPPaddr() throws Exception {
    DumpBuilder dump = DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN).machine(22);
    dump.load(0, 0x1000).load(0x2000, 0x1000).vaddr(0x2000);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.segments()).allMatch(vmcore::isVirtualKnown);
      assertThat(Reading.bytes(vmcore.virtual(), 0x2000, 16)).isEqualTo(pattern(0x2000, 16));
    }
    DumpBuilder qemu = DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN).machine(22);
    try (Vmcore vmcore = open(qemu.load(0, 0x1000).load(0x2000, 0x1000))) {
      assertThat(vmcore.segments()).noneMatch(vmcore::isVirtualKnown);
    }
  }

  @Test
  void onArmNothingIsKnownWherePVaddrIsZero() throws Exception {
    DumpBuilder dump = DumpBuilder.of(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN).machine(40);
    try (Vmcore vmcore = open(dump.load(0x8000_0000L, 0x1000).load(0x8000_2000L, 0x1000))) {
      assertThat(vmcore.segments()).noneMatch(vmcore::isVirtualKnown);
    }
  }

  @Test
  void theLowerHalfIsNoKernelsOnRiscv() throws Exception {
    DumpBuilder dump = DumpBuilder.of(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN).machine(243);
    dump.load(0x1000, 0x1000).vaddr(0xc5_f000).load(0x2000, 0x1000).vaddr(TEXT);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.segments().stream().map(vmcore::isVirtualKnown))
          .containsExactly(false, true);
    }
  }

  @Test
  void wherePVaddrIsZeroThereIsNoVirtualMemory() throws Exception {
    DumpBuilder dump = DumpBuilder.elf64().load(0x1000, 0x1000).load(0x2000, 0x1000).vaddr(TEXT);
    try (Vmcore vmcore = open(dump)) {
      assertThat(vmcore.segments().stream().map(vmcore::isVirtualKnown))
          .containsExactly(false, true);
      assertThat(Reading.bytes(vmcore.virtual(), 0, 16)).isEmpty();
    }
  }

  @Test
  void minusOneIsNoVirtualAddress() throws Exception {
    for (ElfClass elfClass : ElfClass.values()) {
      DumpBuilder dump =
          DumpBuilder.of(elfClass, ByteOrder.LITTLE_ENDIAN)
              .load(0x1000, 0x1000)
              .vaddr(-1)
              .load(0x2000, 0x1000)
              .vaddr(0xc000_2000L);
      try (Vmcore vmcore = open(dump)) {
        assertThat(vmcore.segments().stream().map(vmcore::isVirtualKnown))
            .containsExactly(false, true);
      }
    }
  }

  @Test
  void aVirtualRangeThatWrapsIsNotKnown() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(0x1000, 0x2000).vaddr(-0x1000))) {
      ProgramHeader load = vmcore.segments().getFirst();
      assertThat(vmcore.isVirtualKnown(load)).isFalse();
      assertThat(Reading.bytes(vmcore.virtual(), -0x1000, 16)).isEmpty();
    }
  }

  @Test
  void aVirtualRangeMayEndWithTheAddressSpace() throws Exception {
    try (Vmcore vmcore = open(DumpBuilder.elf64().load(0x1000, 0x1000).vaddr(-0x1000))) {
      assertThat(Reading.bytes(vmcore.virtual(), -16, 32)).isEqualTo(pattern(0x1ff0, 16));
    }
  }

  @Test
  void pageFramesGoFromZeroToTheLastWithRam() throws Exception {
    assertThat(
            pages(
                DumpBuilder.elf64()
                    .load(0x2000, 0x2000)
                    .excluded(0x4000, 0x3000)
                    .load(0x9000, 0x2000)
                    .truncateAt(0x4000)))
        .containsExactly(
            new PageRange(0, 2, NOT_RAM),
            new PageRange(2, 2, PRESENT),
            new PageRange(4, 3, EXCLUDED),
            new PageRange(7, 2, NOT_RAM),
            new PageRange(9, 1, PRESENT),
            new PageRange(10, 1, LOST));
  }

  @Test
  void aFrameOfSeveralPartsHasTheWorstState() throws Exception {
    assertThat(
            pages(
                DumpBuilder.elf64()
                    .load(0x1000, 0x10)
                    .load(0x2100, 0x10)
                    .excluded(0x2200, 0x10)
                    .load(0x2300, 0x10)
                    .load(0x3ff0, 0x10)))
        .containsExactly(
            new PageRange(0, 1, NOT_RAM),
            new PageRange(1, 1, PRESENT),
            new PageRange(2, 1, EXCLUDED),
            new PageRange(3, 1, PRESENT));
  }

  @Test
  void neighbouringRangesDiffer() throws Exception {
    assertThat(pages(DumpBuilder.elf64().load(0, 0x1800).load(0x1800, 0x800).load(0x2000, 0x1000)))
        .containsExactly(new PageRange(0, 3, PRESENT));
  }

  @Test
  void neighbouringRangesDifferAlsoWhereAFrameBeginsWithAHole() throws Exception {
    assertThat(pages(DumpBuilder.elf64().load(0, 0x1000).load(0x1f00, 0x80).load(0x2000, 0x1000)))
        .containsExactly(new PageRange(0, 3, PRESENT));
  }

  @Test
  void theLastFrameOfTheAddressSpaceIsOne() throws Exception {
    assertThat(pages(DumpBuilder.elf64().load(-0x1000, 0x1000)))
        .containsExactly(
            new PageRange(0, (1L << 52) - 1, NOT_RAM), new PageRange((1L << 52) - 1, 1, PRESENT));
  }

  @Test
  void framesAreAsLargeAsThePage() throws Exception {
    DumpBuilder dump =
        DumpBuilder.elf64().pageSize(0x10000).vmcoreinfo("PAGESIZE=65536").load(0x20000, 0x18000);
    assertThat(pages(dump))
        .containsExactly(new PageRange(0, 2, NOT_RAM), new PageRange(2, 2, PRESENT));
  }

  @Test
  void withoutMemoryThereAreNoFrames() throws Exception {
    assertThat(pages(DumpBuilder.elf64().prstatus(1, 11))).isEmpty();
    assertThat(pages(DumpBuilder.elf64().load(0x1000, 0))).isEmpty();
  }

  @Test
  void theExtentOfAnAddressContainsItAlsoWhereThereIsNoMemory() throws Exception {
    try (Vmcore vmcore =
        Vmcore.open(DumpBuilder.elf64().prstatus(1, 11).writeTo(dir.resolve("none")))) {
      for (long address : new long[] {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
        assertThat(vmcore.physical().extentAt(address).contains(address)).isTrue();
        assertThat(vmcore.virtual().extentAt(address).contains(address)).isTrue();
      }
    }
  }
}
