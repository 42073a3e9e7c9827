package org.vmcore.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.arch.paging.Arm64Paging;
import org.vmcore.arch.paging.Paging;
import org.vmcore.arch.paging.Ppc64Paging;
import org.vmcore.arch.paging.Riscv64Paging;
import org.vmcore.arch.paging.X86Paging;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.Translation.Step;
import org.vmcore.testing.PageTables;
import org.vmcore.testing.Reading;

/** Every layout there is: the shifts are those of the architectures' manuals. */
class PagingTest {
  private static final ByteOrder LITTLE = ByteOrder.LITTLE_ENDIAN;

  /**
   * A layout.
   *
   * @param pages the sizes of page that it has, as shifts
   * @param levels the names of its levels
   */
  record Layout(
      String name, Paging paging, PageTables tables, List<String> levels, List<Integer> pages) {
    @Override
    public String toString() {
      return name;
    }

    AddressSpace space() {
      return AddressSpace.of(tables.memory(), paging, tables.root());
    }

    boolean x86() {
      return name.startsWith("x86");
    }

    /** Where the kernel's addresses end. */
    long end() {
      return paging.kernelReach().ranges().getLast().end();
    }

    /** An entry of a page at physical address 0. */
    long page() {
      if (name.startsWith("ppc64")) {
        return 0xc000_0000_0000_018eL;
      }
      return x86() || name.startsWith("riscv64") ? 0xe7 : 0x701;
    }

    int physicalBits() {
      if (name.startsWith("riscv64")) {
        return 56;
      }
      if (name.startsWith("ppc64")) {
        return 57;
      }
      boolean isWide = name.endsWith(", 52 bits") || name.endsWith("physical 52");
      return x86() || isWide || name.equals("64 KiB, 48 of 52 bits") ? 52 : 48;
    }
  }

  /**
   * A layout of arm64.
   *
   * @param rootBits how many bits the tables resolve
   */
  private static Layout arm64(
      String name,
      int page,
      int built,
      int bits,
      String levels,
      String pages,
      int rootBits,
      int... shifts) {
    return new Layout(
        name,
        new Arm64Paging(page, built, bits, LITTLE),
        PageTables.arm64(rootBits, shifts),
        words(levels),
        numbers(pages));
  }

  private static Layout riscv64(String name, String levels, String pages, int... shifts) {
    return new Layout(
        name,
        new Riscv64Paging(shifts.length),
        PageTables.riscv64(shifts),
        words(levels),
        numbers(pages));
  }

  private static Layout ppc64(String name, int page) {
    return new Layout(
        name,
        new Ppc64Paging(page),
        PageTables.ppc64(page),
        words("PGD PUD PMD PTE"),
        numbers(page + " 21 30"));
  }

  private static List<String> words(String text) {
    return List.of(text.split(" ", -1));
  }

  private static List<Integer> numbers(String text) {
    return words(text).stream().map(Integer::valueOf).toList();
  }

  static Stream<Layout> layouts() {
    return Stream.of(
        new Layout(
            "x86_64, 4 levels",
            new X86Paging(4, 0),
            PageTables.x86(39, 30, 21, 12),
            words("PGD PUD PMD PTE"),
            numbers("12 21 30")),
        new Layout(
            "x86_64, 5 levels",
            new X86Paging(5, 0),
            PageTables.x86(48, 39, 30, 21, 12),
            words("PGD P4D PUD PMD PTE"),
            numbers("12 21 30")),
        riscv64("riscv64, Sv39", "PGD PMD PTE", "12 21 30", 30, 21, 12),
        riscv64("riscv64, Sv48", "PGD PUD PMD PTE", "12 21 30 39", 39, 30, 21, 12),
        riscv64("riscv64, Sv57", "PGD P4D PUD PMD PTE", "12 21 30 39 48", 48, 39, 30, 21, 12),
        ppc64("ppc64, 4 KiB", 12),
        ppc64("ppc64, 64 KiB", 16),
        arm64("4 KiB, 39 bits", 12, 39, 39, "PGD PMD PTE", "12 21 30", 39, 30, 21, 12),
        arm64("4 KiB, 48 bits", 12, 48, 48, "PGD PUD PMD PTE", "12 21 30", 48, 39, 30, 21, 12),
        arm64(
            "4 KiB, 52 bits",
            12,
            52,
            52,
            "PGD P4D PUD PMD PTE",
            "12 21 30 39",
            52,
            48,
            39,
            30,
            21,
            12),
        arm64(
            "4 KiB, 48 of 52 bits", 12, 52, 48, "PGD PUD PMD PTE", "12 21 30", 48, 39, 30, 21, 12),
        arm64("16 KiB, 36 bits", 14, 36, 36, "PGD PTE", "14 25", 36, 25, 14),
        arm64("16 KiB, 47 bits", 14, 47, 47, "PGD PMD PTE", "14 25", 47, 36, 25, 14),
        arm64("16 KiB, 48 bits", 14, 48, 48, "PGD PUD PMD PTE", "14 25", 48, 47, 36, 25, 14),
        arm64("16 KiB, 52 bits", 14, 52, 52, "PGD PUD PMD PTE", "14 25 36", 52, 47, 36, 25, 14),
        arm64("16 KiB, 47 of 52 bits", 14, 52, 47, "PGD PMD PTE", "14 25", 47, 36, 25, 14),
        arm64("64 KiB, 42 bits", 16, 42, 42, "PGD PTE", "16 29", 42, 29, 16),
        arm64("64 KiB, 48 bits", 16, 48, 48, "PGD PMD PTE", "16 29", 48, 42, 29, 16),
        new Layout(
            "64 KiB, 48 bits, physical 52",
            new Arm64Paging(16, 48, 48, 52, LITTLE),
            PageTables.arm64(48, 42, 29, 16),
            words("PGD PMD PTE"),
            numbers("16 29 42")),
        arm64("64 KiB, 52 bits", 16, 52, 52, "PGD PMD PTE", "16 29 42", 52, 42, 29, 16),
        arm64("64 KiB, 48 of 52 bits", 16, 52, 48, "PGD PMD PTE", "16 29 42", 52, 42, 29, 16));
  }

  /** In the lower part of the kernel's half, at its end, and the physical address is a high one. */
  private static long[][] places(Layout layout, int shift) {
    long lowest = layout.paging().kernelReach().ranges().getLast().start();
    long page = 1L << shift;
    long highest = (1L << layout.physicalBits()) - page;
    return new long[][] {
      {lowest, 0}, {lowest + 3 * page, highest}, {layout.end() - page, 5 * page & highest}
    };
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void pagesOfEachSizeAreFound(Layout layout) throws VmcoreException {
    for (int shift : layout.pages()) {
      for (long[] place : places(layout, shift)) {
        layout.tables().map(place[0], place[1], shift);
        Translation walk = layout.space().translate(place[0] + 0x123);
        assertThat(walk.physical()).as("%x", place[0]).hasValue(place[1] + 0x123);
        assertThat(walk.pageSize()).isEqualTo(1L << shift);
        assertThat(walk.reason()).isEmpty();
        long last = (1L << shift) - 1;
        assertThat(layout.space().physical(place[0] + last)).hasValue(place[1] + last);
        layout.tables().put(layout.tables().entry(place[0], walk.steps().size() - 1), 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void eachStepIsTold(Layout layout) throws VmcoreException {
    long address = layout.end() - 0x3000_0000L;
    layout.tables().map(address, 0, layout.pages().getFirst());
    List<Step> steps = layout.space().translate(address).steps();
    assertThat(steps.stream().map(Step::level)).isEqualTo(layout.levels());
    for (int i = 0; i < steps.size(); i++) {
      assertThat(steps.get(i).entryAddress()).isEqualTo(layout.tables().entry(address, i));
      assertThat(steps.get(i).value())
          .isEqualTo(layout.tables().get(layout.tables().entry(address, i)))
          .isNotZero();
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void pagesAreReadAcrossTheirBoundary(Layout layout) throws VmcoreException {
    int shift = layout.pages().getFirst();
    long page = 1L << shift;
    long address = layout.end() - 8 * page;
    layout.tables().map(address, 0xc0000, shift).map(address + page, 0x80000, shift);
    byte[] read = Reading.bytes(layout.space(), address + page - 5, 10);
    assertThat(read).startsWith(Reading.bytes(layout.tables().memory(), 0xc0000 + page - 5, 5));
    assertThat(read).endsWith(Reading.bytes(layout.tables().memory(), 0x80000, 5));
    assertThat(layout.space().extentAt(address + 2 * page).state()).isEqualTo(PageState.NOT_RAM);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void largePageInTheRootIsReservedUnlessThereAreSuch(Layout layout) throws VmcoreException {
    long address = layout.end() - (1L << 29);
    layout.tables().put(layout.tables().entry(address, 0), layout.page());
    Translation walk = layout.space().translate(address);
    if (layout.pages().contains(layout.paging().shift(layout.levels().size() - 1))) {
      assertThat(walk.physical()).isPresent();
    } else {
      assertThat(walk.state()).isEqualTo(PageState.LOST);
      assertThat(walk.reason()).contains("PGD entry", "reserved bits");
    }
  }

  @Test
  void lastLevelOfArmMustHaveBothBits() throws VmcoreException {
    PageTables tables = PageTables.arm64(48, 39, 30, 21, 12).map(-0x1000, 0x2000, 12);
    long entry = tables.entry(-0x1000, 3);
    tables.put(entry, tables.get(entry) & ~2L);
    AddressSpace space =
        AddressSpace.of(tables.memory(), new Arm64Paging(12, 48, 48, LITTLE), tables.root());
    assertThat(space.translate(-1).reason()).contains("PTE entry", "reserved bits");
    assertThat(space.extentAt(-1).state()).isEqualTo(PageState.LOST);
  }

  @Test
  void bitsBelowALargePagesSizeAreReservedOnX86() throws VmcoreException {
    PageTables tables = PageTables.x86(39, 30, 21, 12).map(-0x200000, 0x0, 21);
    long entry = tables.entry(-0x200000, 2);
    Paging paging = new X86Paging(4, 0);
    tables.put(entry, tables.get(entry) | 0x1000); // PAT is none of them
    assertThat(AddressSpace.of(tables.memory(), paging, tables.root()).physical(-0x200000))
        .hasValue(0);
    tables.put(entry, tables.get(entry) | 0x2000);
    assertThat(AddressSpace.of(tables.memory(), paging, tables.root()).translate(-1).reason())
        .contains("PMD entry", "reserved bits");
  }

  private static AddressSpace riscv64(PageTables tables) {
    return AddressSpace.of(tables.memory(), new Riscv64Paging(3), tables.root());
  }

  @Test
  void sixteenEntriesOfRiscv64MapOnePage() throws VmcoreException {
    PageTables tables = PageTables.riscv64(30, 21, 12);
    for (int i = 0; i < 16; i++) {
      tables.map(-0x20000 + 0x1000 * i, 0x48000, 12);
      long entry = tables.entry(-0x20000 + 0x1000 * i, 2);
      tables.put(entry, tables.get(entry) | 1L << 63);
    }
    Translation walk = riscv64(tables).translate(-0x20000 + 0x9876);
    assertThat(walk.physical()).hasValue(0x49876);
    assertThat(walk.pageSize()).isEqualTo(0x10000);
    assertThat(riscv64(tables).extentAt(-0x20000 + 0x9876).size()).isEqualTo(0x10000);
    assertThat(riscv64(tables).reverse(0x49876).places().getFirst().virtual())
        .isEqualTo(-0x20000 + 0x9876);
  }

  @Test
  void largePageOfRiscv64MustBeAligned() throws VmcoreException {
    PageTables tables = PageTables.riscv64(30, 21, 12).map(-0x200000, 0x200000, 21);
    assertThat(riscv64(tables).physical(-1)).hasValue(0x3fffff);
    tables.put(tables.entry(-0x200000, 1), tables.get(tables.entry(-0x200000, 1)) + 0x400);
    assertThat(riscv64(tables).translate(-1).reason()).contains("PMD entry", "reserved bits");
  }

  @Test
  void pageWithoutAccessOfRiscv64() throws VmcoreException {
    PageTables tables = PageTables.riscv64(30, 21, 12).map(0x1000, 0x9000, 12);
    tables.put(tables.entry(0x1000, 2), 0x9000 >> 2 | 0x22);
    assertThat(riscv64(tables).physical(0x1008)).hasValue(0x9008);
    tables.put(tables.entry(0x1000, 2), 0x9000 >> 2); // a swap entry
    assertThat(riscv64(tables).physical(0x1008)).isEmpty();
  }

  @Test
  void tableOfPpc64MustTellItsSize() throws VmcoreException {
    long address = 0xc008_0000_0000_1000L;
    PageTables tables = PageTables.ppc64(12).map(address, 0x9000, 12);
    AddressSpace space = AddressSpace.of(tables.memory(), new Ppc64Paging(12), tables.root());
    assertThat(space.physical(address)).hasValue(0x9000);
    assertThat(space.translate(address - 0x1000_0000_0000_0000L).reason())
        .contains("not an address");
    tables.put(tables.entry(address, 1), tables.get(tables.entry(address, 1)) + 1);
    space = AddressSpace.of(tables.memory(), new Ppc64Paging(12), tables.root());
    assertThat(space.translate(address).reason()).contains("PUD entry", "reserved bits");
  }

  @Test
  void memoryEncryptionIsNoPartOfTheAddress() throws VmcoreException {
    long mask = 1L << 47;
    PageTables tables = PageTables.x86(39, 30, 21, 12).map(-0x1000, 0x9000 | mask, 12);
    for (int level = 0; level < 3; level++) {
      long entry = tables.entry(-0x1000, level);
      tables.put(entry, tables.get(entry) | mask);
    }
    AddressSpace space = AddressSpace.of(tables.memory(), new X86Paging(4, mask), tables.root());
    assertThat(space.physical(-1)).hasValue(0x9fff);
  }

  @Test
  void flagsAboveTheAddressAreIgnored() throws VmcoreException {
    PageTables tables = PageTables.x86(39, 30, 21, 12).map(-0x1000, 0x9000, 12);
    for (int level = 0; level < 4; level++) {
      long entry = tables.entry(-0x1000, level);
      tables.put(entry, tables.get(entry) | 0xfff0_0000_0000_0000L);
    }
    AddressSpace space = AddressSpace.of(tables.memory(), new X86Paging(4, 0), tables.root());
    assertThat(space.physical(-1)).hasValue(0x9fff);
  }

  @Test
  void protNonePageKeepsItsAddressInvertedOrNot() throws VmcoreException {
    PageTables tables = PageTables.x86(39, 30, 21, 12).map(0x1000, 0x9000, 12);
    tables.put(tables.entry(0x1000, 3), (~0x9000L & 0x000f_ffff_ffff_f000L) | 0x100);
    AddressSpace space = AddressSpace.of(tables.memory(), new X86Paging(4, 0), tables.root());
    assertThat(space.physical(0x1008)).hasValue(0x9008);
    tables.put(tables.entry(0x1000, 3), 0x9000L | 0x100); // before 4.18
    space = AddressSpace.of(tables.memory(), new X86Paging(4, 0), tables.root());
    assertThat(space.physical(0x1008)).hasValue(0x9008);
    long sme = 1L << 51;
    tables.put(tables.entry(0x1000, 3), (~0x9000L & 0x000f_ffff_ffff_f000L) | 0x100);
    space = AddressSpace.of(tables.memory(), new X86Paging(4, sme), tables.root());
    assertThat(space.physical(0x1008)).hasValue(0x9008);
    tables.put(tables.entry(0x1000, 3), 0x0000_7fff_0000_0200L); // a swap entry
    space = AddressSpace.of(tables.memory(), new X86Paging(4, 0), tables.root());
    assertThat(space.physical(0x1008)).isEmpty();
  }

  @Test
  void bigEndianKernel() throws VmcoreException {
    PageTables tables = PageTables.arm64(39, 30, 21, 12).bigEndian().map(-0x1000, 0x5000, 12);
    Paging paging = new Arm64Paging(12, 39, 39, ByteOrder.BIG_ENDIAN);
    assertThat(AddressSpace.of(tables.memory(), paging, tables.root()).physical(-1))
        .hasValue(0x5fff);
  }

  @Test
  void flagsHaveTheManualsNames() {
    Paging x86 = new X86Paging(4, 0);
    assertThat(x86.flags(1, 0x2001e3)).isEqualTo("P RW A D PS G");
    assertThat(x86.flags(0, 0x8000_0000_0000_009fL)).isEqualTo("P RW US PWT PCD PAT XD");
    assertThat(x86.flags(0, 0)).isEmpty();
    Paging arm = new Arm64Paging(12, 48, 48, ByteOrder.LITTLE_ENDIAN);
    assertThat(arm.flags(0, 0xd0_0000_40d9_df83L)).isEqualTo("VALID AP2 AF nG CONT UXN");
    assertThat(arm.flags(1, 0xe8_0000_4220_0401L)).isEqualTo("VALID AF DBM PXN UXN");
    Paging riscv = new Riscv64Paging(3);
    assertThat(riscv.flags(0, 0x2415e0e7)).isEqualTo("V R W G A D");
    Paging ppc = new Ppc64Paging(12);
    assertThat(ppc.flags(0, 0xc000_0000_0248_118eL)).isEqualTo("WRITE READ PRIVILEGED C R L V");
    assertThat(ppc.flags(1, 0x8000_0000_04b5_b009L)).isEqualTo("V");
    assertThat(arm.flags(2, 0x1000_0000_57ff_f003L)).isEqualTo("VALID TABLE UXNTable");
  }

  @Test
  void noSuchLayout() {
    assertThatThrownBy(() -> new X86Paging(3, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Riscv64Paging(2)).isInstanceOf(IllegalArgumentException.class);
    for (int[] no : new int[][] {{13, 48}, {12, 53}, {12, 24}, {16, 16}}) {
      assertThatThrownBy(() -> new Arm64Paging(no[0], no[1], no[1], LITTLE))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
