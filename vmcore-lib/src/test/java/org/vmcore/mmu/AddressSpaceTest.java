package org.vmcore.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.memory.PageState.EXCLUDED;
import static org.vmcore.memory.PageState.LOST;
import static org.vmcore.memory.PageState.NOT_RAM;
import static org.vmcore.memory.PageState.PRESENT;
import static org.vmcore.testing.DumpBuilder.pattern;
import static org.vmcore.testing.MemoryContract.Part.missing;
import static org.vmcore.testing.MemoryContract.Part.present;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.arch.paging.Arm64Paging;
import org.vmcore.arch.paging.Paging;
import org.vmcore.arch.paging.X86Paging;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.MemoryContract;
import org.vmcore.testing.PageTables;
import org.vmcore.testing.Reading;

class AddressSpaceTest {
  private static final long MAP = 0xffff_8880_0000_0000L;
  private static final int PAGE = 0x1000;
  private static final int LARGE = 0x200000;
  private static final Paging X86 = new X86Paging(4, 0);

  private static PageTables x86() {
    return PageTables.x86(39, 30, 21, 12);
  }

  private static AddressSpace space(PageTables tables) {
    return AddressSpace.of(tables.memory(), X86, tables.root());
  }

  @Nested
  class Kernel extends MemoryContract {
    @Override
    protected Subject open() {
      PageTables tables =
          x86()
              .map(MAP, 0x80000, 12)
              .map(MAP + PAGE, 0x81000, 12)
              .map(MAP + 2 * PAGE, 0xc0000, 12)
              .map(MAP + 3 * PAGE, 0xe0000, 12)
              .map(MAP + 4 * PAGE, 0xe1000, 12)
              .map(MAP + 5 * PAGE, 0xd0000, 12)
              .map(MAP + 16 * LARGE, 0x400000, 12)
              .map(MAP + 20 * LARGE, 0x90000, 12)
              .map(MAP + 24 * LARGE, 0xa0000, 12)
              .map(MAP + 511L * LARGE, 0x40000000, 21)
              .map(-PAGE, 0xb0000, 12);
      CountingMemory memory =
          tables
              .memory()
              .state(LOST, 0xe0800, 0x1000)
              .state(EXCLUDED, tables.entry(MAP + 20 * LARGE, 3), PAGE)
              .state(LOST, tables.entry(MAP + 24 * LARGE, 3), PAGE);
      List<Part> parts =
          List.of(
              present(MAP, pattern(0x80000, 2 * PAGE)),
              present(MAP + 2 * PAGE, pattern(0xc0000, PAGE)),
              present(MAP + 3 * PAGE, pattern(0xe0000, 0x800)),
              missing(MAP + 3 * PAGE + 0x800, PAGE, LOST),
              present(MAP + 4 * PAGE + 0x800, pattern(0xe1800, 0x800)),
              present(MAP + 5 * PAGE, pattern(0xd0000, PAGE)),
              missing(MAP + 20 * LARGE, LARGE, EXCLUDED),
              missing(MAP + 24 * LARGE, LARGE, LOST),
              present(-PAGE, pattern(0xb0000, PAGE)));
      return new Subject(AddressSpace.of(memory, X86, tables.root()), parts, () -> {});
    }
  }

  @Nested
  class Task extends MemoryContract {
    @Override
    protected Subject open() {
      PageTables tables =
          PageTables.arm64(48, 39, 30, 21, 12)
              .map(0x400000, 0x80000, 12)
              .map(0x401000, 0xa0000, 12)
              .map(0x0000_ffff_ffff_f000L, 0xc0000, 12);
      Paging paging = new Arm64Paging(12, 48, 48, ByteOrder.LITTLE_ENDIAN);
      AddressSpace kernel = AddressSpace.of(tables.memory(), paging, 0);
      List<Part> parts =
          List.of(
              present(0x400000, pattern(0x80000, PAGE)),
              present(0x401000, pattern(0xa0000, PAGE)),
              present(0x0000_ffff_ffff_f000L, pattern(0xc0000, PAGE)));
      return new Subject(kernel.ofTask(tables.root()), parts, () -> {});
    }
  }

  @Test
  void lastByteOfTheSpaceIsReadAndNothingBehindIt() throws VmcoreException {
    PageTables tables = x86().map(-PAGE, 0xb0000, 12).map(0, 0x80000, 12);
    assertThat(Reading.bytes(space(tables), -2, 10)).isEqualTo(pattern(0xb0ffe, 2));
    assertThat(space(tables).extentAt(-1)).isEqualTo(new Extent(-PAGE, PAGE, PRESENT));
  }

  @Test
  void addressesBetweenTheHalvesAreNoneAtAll() throws VmcoreException {
    AddressSpace space = space(x86().map(0x7fff_ffff_f000L, 0x80000, 12));
    long hole = 0x0000_8000_0000_0000L;
    assertThat(space.extentAt(hole)).isEqualTo(new Extent(hole, -2 * hole, NOT_RAM));
    assertThat(Reading.bytes(space, hole - 2, 4)).hasSize(2);
    assertThat(space.translate(hole).reason()).startsWith("not an address of these x86_64");
    assertThat(space.translate(hole).steps()).isEmpty();
    assertThat(space.physical(hole)).isEmpty();
    assertThat(space.lossAt(hole)).isEmpty();
  }

  @Test
  void kernelOfArmHasNoLowerHalfAndItsTasksNoUpperOne() throws VmcoreException {
    PageTables tables = PageTables.arm64(39, 30, 21, 12).map(-PAGE, 0x80000, 12).map(0, 0, 12);
    Paging paging = new Arm64Paging(12, 39, 39, ByteOrder.LITTLE_ENDIAN);
    AddressSpace kernel = AddressSpace.of(tables.memory(), paging, tables.root());
    assertThat(kernel.physical(-1)).hasValue(0x80fff);
    assertThat(kernel.physical(0)).isEmpty();
    assertThat(kernel.extentAt(5)).isEqualTo(new Extent(0, -1L << 39, NOT_RAM));
    AddressSpace task = kernel.ofTask(tables.root());
    assertThat(task.physical(-1)).isEmpty();
    assertThat(task.physical(1)).hasValue(1);
    assertThat(task.extentAt(-5)).isEqualTo(new Extent(1L << 39, -1L << 39, NOT_RAM));
  }

  @Test
  void extentsAreAsLargeAsATableTells() throws VmcoreException {
    PageTables tables = x86();
    for (long i = 0; i < 64; i++) {
      tables.map(MAP + i * PAGE, 0x80000 + i * PAGE, 12);
    }
    AddressSpace space = space(tables);
    assertThat(space.extentAt(MAP + 0x1234)).isEqualTo(new Extent(MAP, 64 * PAGE, PRESENT));
    assertThat(space.extentAt(MAP + 64 * PAGE))
        .isEqualTo(new Extent(MAP + 64 * PAGE, LARGE - 64 * PAGE, NOT_RAM));
    assertThat(space.extentAt(0)).isEqualTo(new Extent(0, 1L << 47, NOT_RAM));
  }

  @Test
  void readingInARowTakesEachTableOnceAndPagesInARowAtOnce() throws VmcoreException {
    PageTables tables = x86();
    for (long i = 0; i < 64; i++) {
      tables.map(MAP + i * PAGE, 0x80000 + i * PAGE, 12);
    }
    CountingMemory memory = tables.memory();
    AddressSpace space = AddressSpace.of(memory, X86, tables.root());
    for (long i = 0; i < 64; i++) {
      assertThat(Reading.bytes(space, MAP + i * PAGE + 5, 100)).hasSize(100);
    }
    assertThat(memory.reads(tables.root(), 4 * PAGE)).hasSize(4);
    memory.forget();
    assertThat(Reading.bytes(space, MAP + 1, 64 * PAGE - 1))
        .isEqualTo(pattern(0x80001, 64 * PAGE - 1));
    assertThat(memory.reads()).hasSize(1);
  }

  @Test
  void tasksShareTheKernelsTables() throws VmcoreException {
    PageTables tables = x86().map(MAP, 0x80000, 12);
    CountingMemory memory = tables.memory();
    AddressSpace kernel = AddressSpace.of(memory, X86, tables.root());
    assertThat(kernel.physical(MAP)).hasValue(0x80000);
    memory.forget();
    assertThat(kernel.ofTask(tables.root()).physical(MAP)).hasValue(0x80000);
    assertThat(memory.reads()).isEmpty();
  }

  @Test
  void tablesThatPointToThemselvesEnd() throws VmcoreException {
    PageTables tables = x86();
    for (long i = 0; i < 512; i++) {
      tables.put(tables.root() + 8 * i, tables.root() | 0x67);
    }
    AddressSpace space = space(tables);
    Translation walk = space.translate(MAP + 0x10);
    assertThat(walk.physical()).hasValue(tables.root() + 0x10);
    assertThat(walk.steps()).hasSize(4).allMatch(step -> step.value() == (tables.root() | 0x67));
    byte[] table = Reading.bytes(tables.memory(), tables.root(), PAGE);
    byte[] read = Reading.bytes(space, MAP, 100 * PAGE);
    assertThat(Arrays.copyOfRange(read, 99 * PAGE, 100 * PAGE)).isEqualTo(table);
    assertThat(space.extentAt(-1)).isEqualTo(new Extent(-PAGE, PAGE, PRESENT));
  }

  @Test
  void tableOutsideOfRamIsLost() throws VmcoreException {
    for (int level = 0; level < 3; level++) {
      PageTables tables = x86().map(MAP, 0x80000, 12);
      tables.put(tables.entry(MAP, level), 0x000f_ffff_ffff_f067L);
      AddressSpace space = space(tables);
      assertThat(space.extentAt(MAP).state()).isEqualTo(LOST);
      assertThat(space.lossAt(MAP).map(Finding::message).orElse(""))
          .isEqualTo(space.translate(MAP).reason())
          .contains("entry at physical address 0xffffffffff", "is outside of RAM");
      assertThat(space.translate(MAP).steps()).hasSize(level + 1);
      assertThat(Reading.bytes(space, MAP, 16)).isEmpty();
    }
  }

  @Test
  void rootOutsideOfRamIsLost() throws VmcoreException {
    for (long root : new long[] {0x100000, 0x000f_ffff_ffff_f000L, -PAGE, -8}) {
      AddressSpace space = AddressSpace.of(x86().memory(), X86, root);
      assertThat(space.extentAt(MAP)).isEqualTo(new Extent(-1L << 47, 1L << 47, LOST));
      assertThat(space.translate(MAP).steps()).isEmpty();
    }
  }

  @Test
  void pageOutsideOfRamIsNoRam() throws VmcoreException {
    AddressSpace space = space(x86().map(MAP, 0x000f_ffff_ffff_f000L, 12));
    assertThat(space.extentAt(MAP)).isEqualTo(new Extent(MAP, PAGE, NOT_RAM));
    assertThat(space.translate(MAP).state()).isEqualTo(NOT_RAM);
    assertThat(space.physical(MAP + 1)).hasValue(0x000f_ffff_ffff_f001L);
    assertThat(Reading.bytes(space, MAP, 16)).isEmpty();
    assertThat(space.lossAt(MAP)).isEmpty();
  }

  @Test
  void tableThatWasFilteredOutIsTold() throws VmcoreException {
    PageTables tables = x86().map(MAP, 0x80000, 12);
    long table = tables.entry(MAP, 2);
    CountingMemory memory = tables.memory().state(EXCLUDED, table, PAGE);
    AddressSpace space = AddressSpace.of(memory, X86, tables.root());
    Translation walk = space.translate(MAP + 5);
    assertThat(walk.state()).isEqualTo(EXCLUDED);
    assertThat(walk.reason())
        .isEqualTo(
            "the PMD entry at physical address 0x%x is excluded from the dump".formatted(table));
    assertThat(walk.steps()).hasSize(2);
    assertThat(space.extentAt(MAP)).isEqualTo(new Extent(MAP, 1L << 30, EXCLUDED));
    assertThat(space.lossAt(MAP)).isEmpty();
  }

  @Test
  void entriesAroundALostPieceOfATableStillCount() throws VmcoreException {
    PageTables tables = x86();
    for (long i = 0; i < 16; i++) {
      tables.map(MAP + i * PAGE, 0x80000 + i * PAGE, 12);
    }
    long lost = tables.entry(MAP + 4 * PAGE, 3);
    AddressSpace space = AddressSpace.of(tables.memory().state(LOST, lost, 16), X86, tables.root());
    List<PageState> states = new ArrayList<>();
    for (long i = 3; i < 8; i++) {
      states.add(space.extentAt(MAP + i * PAGE).state());
    }
    assertThat(states).containsExactly(PRESENT, LOST, LOST, PRESENT, PRESENT);
    assertThat(space.lossAt(MAP + 5 * PAGE).map(Finding::message).orElse(""))
        .contains("PTE entry at physical address 0x%x is lost".formatted(lost + 8));
    assertThat(Reading.bytes(space, MAP + 6 * PAGE, 10)).isEqualTo(pattern(0x86000, 10));
  }

  @Test
  void whatIsNotMappedTellsItsEntry() throws VmcoreException {
    PageTables tables = x86().map(MAP, 0x80000, 12);
    tables.put(tables.entry(MAP, 3) + 8, 0x1234_5600L);
    Translation walk = space(tables).translate(MAP + PAGE);
    assertThat(walk.reason())
        .isEqualTo(
            "not mapped: the PTE entry at physical address 0x%x is 0x12345600"
                .formatted(tables.entry(MAP, 3) + 8));
    assertThat(walk.state()).isEqualTo(NOT_RAM);
    assertThat(walk.pageSize()).isZero();
    assertThat(walk.steps()).hasSize(4);
  }

  @Test
  void faultOfTheMemoryIsNoMissingPage() {
    PageTables tables = x86().map(MAP, 0x80000, 12);
    CountingMemory memory = tables.memory().failing(tables.root(), 8);
    AddressSpace space = AddressSpace.of(memory, X86, tables.root());
    assertThatThrownBy(() -> space.extentAt(MAP)).isInstanceOf(VmcoreException.class);
    assertThatThrownBy(() -> space.translate(MAP)).isInstanceOf(VmcoreException.class);
  }

  @Test
  void cachedTablesDoNotOutliveTheDump(@TempDir Path folder) throws Exception {
    PageTables tables = x86().map(MAP, 0x80000, 12);
    Path file =
        DumpBuilder.elf64()
            .load(0, Reading.bytes(tables.memory(), 0, 1 << 20))
            .writeTo(folder.resolve("vmcore"));
    Vmcore vmcore = Vmcore.open(file);
    AddressSpace space = AddressSpace.of(vmcore.physical(), X86, tables.root());
    assertThat(space.physical(MAP)).hasValue(0x80000);
    assertThat(space.physical(MAP + PAGE)).isEmpty();
    vmcore.close();
    for (long address : new long[] {MAP, MAP + PAGE, 1L << 47}) {
      assertThatThrownBy(() -> Reading.bytes(space, address, 8))
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("the dump is closed");
      assertThatThrownBy(() -> space.extentAt(address)).isInstanceOf(VmcoreException.class);
      assertThatThrownBy(() -> space.translate(address)).isInstanceOf(VmcoreException.class);
      assertThatThrownBy(() -> space.physical(address)).isInstanceOf(VmcoreException.class);
      assertThatThrownBy(() -> space.lossAt(address)).isInstanceOf(VmcoreException.class);
    }
  }

  @Test
  void eachTableIsToldOfOnce() throws VmcoreException {
    PageTables tables = x86().map(-PAGE, 0xb0000, 12).map(-2 * PAGE, 0xb1000, 12);
    tables.map(-1L << 30, 0x8000_0000L, 21);
    long entry = tables.entry(-1L << 40, 0);
    tables.put(entry, tables.get(tables.entry(-PAGE, 0)));
    List<Long> told = new ArrayList<>();

    assertThat(space(tables).eachTable(told::add)).isTrue();
    assertThat(told)
        .containsExactlyInAnyOrder(
            tables.root(),
            tables.entry(-PAGE, 1) & -PAGE,
            tables.entry(-PAGE, 2) & -PAGE,
            tables.entry(-PAGE, 3) & -PAGE);
  }

  @Test
  void tablesThatLeadToThemselvesOrAwayEnd() throws VmcoreException {
    PageTables tables = x86().map(-PAGE, 0xb0000, 12);
    tables.put(tables.entry(-1L << 40, 0), tables.root() | 0x67);
    tables.put(tables.entry(-1L << 41, 0), 0x7fff_0000_0000L | 0x67);
    List<Long> told = new ArrayList<>();

    assertThat(space(tables).eachTable(told::add)).isFalse();
    assertThat(told).contains(tables.root(), 0x7fff_0000_0000L).hasSizeLessThan(20);
  }
}
