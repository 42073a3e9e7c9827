package org.vmcore.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.arch.Arm64;
import org.vmcore.arch.CpuRoot;
import org.vmcore.arch.Machine;
import org.vmcore.arch.X86_64;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.PagingHints.Range;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.PageTables;
import org.vmcore.testing.Reading;

class KernelRootTest {
  /** The image is at physical address 0; its first page is text, and the root lies in it. */
  private static final long IMAGE = 0xffff_ffff_9b60_0000L;

  private static final long ROOT = 0x10000;
  private static final long MAP = 0xffff_8ead_4000_0000L;
  private static final long ARM_IMAGE = 0xffff_c5cb_5b60_0000L;
  private static final String PHYS_BASE = "NUMBER(phys_base)=" + (0xffff_ffff_8000_0000L - IMAGE);
  private static final String STEXT = "SYMBOL(_stext)=ffffffff9b600000";
  private static final String TOP = "SYMBOL(init_top_pgt)=ffffffff9b610000";

  @TempDir Path folder;

  /** Tables that map the image and 1 MiB of direct map. */
  private static PageTables x86(int... shifts) {
    PageTables tables = PageTables.x86(shifts).map(IMAGE, 0, 12);
    for (long at = ROOT; at < ROOT + 0x8000; at += 0x1000) {
      tables.map(IMAGE + at, at, 12);
    }
    return tables.map(MAP, 0, 12).map(MAP + 0xff000, 0xff000, 12);
  }

  private static PageTables x86() {
    return x86(39, 30, 21, 12);
  }

  private static PagingHints hints(Memory physical, String... info) {
    return new PagingHints(
        "dump",
        X86_64.INSTANCE.machine(),
        ByteOrder.LITTLE_ENDIAN,
        physical,
        info.length == 0
            ? Optional.empty()
            : Optional.of(VmcoreInfo.parse(String.join("\n", info))),
        List.of(),
        List.of());
  }

  private static PagingHints with(PagingHints hints, List<Range> ranges, List<CpuRoot> cpus) {
    return new PagingHints(
        hints.file(), hints.machine(), hints.order(), hints.physical(), hints.info(), ranges, cpus);
  }

  private static void requireFound(AddressSpace space, String origin) throws VmcoreException {
    assertThat(space.origin()).isEqualTo(origin);
    assertThat(space.root()).isEqualTo(ROOT);
    assertThat(space.physical(MAP + 0xff123)).hasValue(0xff123);
  }

  @Test
  void vmcoreInfoTellsTheRoot() throws VmcoreException {
    PagingHints hints =
        hints(x86().memory(), PHYS_BASE, STEXT, TOP, "NUMBER(pgtable_l5_enabled)=0");
    AddressSpace space = AddressSpace.ofKernel(hints);
    requireFound(space, "VMCOREINFO");
    assertThat(space).hasToString("x86_64 page tables of 4 levels, root 0x10000 (VMCOREINFO)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"init_top_pgt", "swapper_pg_dir", "init_level4_pgt"})
  void theRootHasHadThreeNames(String name) throws VmcoreException {
    String symbol = "SYMBOL(" + name + ")=ffffffff9b610000";
    requireFound(
        AddressSpace.ofKernel(hints(x86().memory(), PHYS_BASE, STEXT, symbol)), "VMCOREINFO");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void fiveLevelsAreFoundWhateverTheFlagSays(int flag) throws VmcoreException {
    PagingHints hints =
        hints(
            x86(48, 39, 30, 21, 12).memory(),
            PHYS_BASE,
            STEXT,
            "SYMBOL(swapper_pg_dir)=ffffffff9b610000",
            "NUMBER(pgtable_l5_enabled)=" + flag);
    AddressSpace space = AddressSpace.ofKernel(hints);
    requireFound(space, "VMCOREINFO");
    assertThat(space.paging().levels()).isEqualTo(5);
  }

  @Test
  void memoryEncryptionIsTakenFromVmcoreInfo() throws VmcoreException {
    long mask = 1L << 51;
    PageTables tables = x86();
    for (long at = ROOT; at < ROOT + 0x8000; at += 8) {
      if (tables.get(at) != 0) {
        tables.put(at, tables.get(at) | mask);
      }
    }
    PagingHints hints = hints(tables.memory(), PHYS_BASE, STEXT, TOP, "NUMBER(sme_mask)=" + mask);
    requireFound(AddressSpace.ofKernel(hints), "VMCOREINFO");
  }

  @ParameterizedTest
  @ValueSource(strings = {"16384 47 17", "4096 48 16", "4096 39 25", "65536 42 22", "4096 52 16"})
  void armTellsItsLayout(String numbers) throws VmcoreException {
    List<Long> told = Arrays.stream(numbers.split(" ", 3)).map(Long::valueOf).toList();
    int bits = (int) (64 - told.get(2));
    int page = Long.numberOfTrailingZeros(told.get(0));
    int levels = (bits - 4) / (page - 3);
    int[] shifts = new int[levels];
    Arrays.setAll(shifts, i -> page + (levels - 1 - i) * (page - 3));
    PageTables tables = PageTables.arm64(bits, shifts);
    for (long at = 0; at < 0x60000; at += told.get(0)) {
      tables.map(ARM_IMAGE + at | -1L << bits, at, page);
    }
    long image = ARM_IMAGE | -1L << bits;
    PagingHints hints =
        hints(
            tables.memory(),
            "PAGESIZE=" + told.get(0),
            "NUMBER(kimage_voffset)=0x" + Long.toHexString(image),
            "SYMBOL(_stext)=" + Long.toHexString(image),
            "SYMBOL(swapper_pg_dir)=" + Long.toHexString(image + ROOT),
            "NUMBER(VA_BITS)=" + told.get(1),
            "NUMBER(TCR_EL1_T1SZ)=0x" + Long.toHexString(told.get(2)));
    AddressSpace space = AddressSpace.ofKernel(arm(hints));
    assertThat(space.root()).isEqualTo(ROOT);
    assertThat(space.paging().levels()).isEqualTo(levels);
    assertThat(space.physical(image + 0x1234)).hasValue(0x1234);
    assertThat(space.toString()).contains(page == 14 ? "16 KiB a page, 47 bits" : " bits");
  }

  private static PagingHints arm(PagingHints hints) {
    return new PagingHints(
        hints.file(),
        Arm64.INSTANCE.machine(),
        hints.order(),
        hints.physical(),
        hints.info(),
        hints.ranges(),
        hints.cpus());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PAGESIZE=3",
        "PAGESIZE=-9223372036854775808",
        "NUMBER(VA_BITS)=-1",
        "NUMBER(VA_BITS)=9223372036854775807",
        "NUMBER(TCR_EL1_T1SZ)=0x8000000000000000",
        "NUMBER(TCR_EL1_T1SZ)=4294967312",
        "NUMBER(kimage_voffset)=1"
      })
  void nonsenseIsAnError(String line) {
    PagingHints hints =
        hints(x86().memory(), line, "PAGESIZE=4096", "NUMBER(VA_BITS)=48", TOP, STEXT, PHYS_BASE);
    assertThatThrownBy(() -> AddressSpace.ofKernel(arm(hints)))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(
            "dump: no page tables: there are none where VMCOREINFO says, at virtual address"
                + " 0xffffffff9b610000");
  }

  @Test
  void aRootOutsideOfMemoryIsSaidToBe() {
    PagingHints hints = hints(x86().memory(), "NUMBER(phys_base)=0", STEXT, TOP);
    assertThatThrownBy(() -> AddressSpace.ofKernel(hints))
        .hasMessageEndingWith(
            "at virtual address 0xffffffff9b610000, mapped to physical address 0x1b610000: the dump"
                + " knows of no memory there");
  }

  @Test
  void rootThatDoesNotMapItselfIsNotBelieved() {
    PageTables tables = x86();
    tables.put(tables.entry(IMAGE + ROOT, 3), 0x5063);
    tables.put(tables.entry(IMAGE, 3), 0x5063);
    assertThatThrownBy(() -> AddressSpace.ofKernel(hints(tables.memory(), PHYS_BASE, STEXT, TOP)))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("no page tables: there are none where VMCOREINFO says");
  }

  @Test
  void withoutVmcoreInfoThereIsNoRoot() {
    assertThatThrownBy(() -> AddressSpace.ofKernel(hints(x86().memory())))
        .hasMessage("dump: no page tables: there is no VMCOREINFO");
    assertThatThrownBy(() -> AddressSpace.ofKernel(hints(x86().memory(), "OSRELEASE=6.1")))
        .hasMessage("dump: no page tables: VMCOREINFO tells of no root");
  }

  @Test
  void otherMachinesAreRefusedByName() {
    PagingHints hints =
        new PagingHints(
            "dump",
            Machine.of(258, 64),
            ByteOrder.LITTLE_ENDIAN,
            x86().memory(),
            Optional.empty(),
            List.of(),
            List.of());
    assertThatThrownBy(() -> AddressSpace.ofKernel(hints))
        .hasMessage("dump: no page tables: translation by those of loongarch64 isn't supported");
  }

  @Test
  void loadsTellTheRootWhenPhysBaseIsWrong() throws VmcoreException {
    PagingHints wrong = hints(x86().memory(), "NUMBER(phys_base)=12288", STEXT, TOP);
    List<Range> loads = List.of(new Range(IMAGE, 0, 0x40000), new Range(MAP, 0, 0x100000));
    requireFound(AddressSpace.ofKernel(with(wrong, loads, List.of())), "p_vaddr");
  }

  @Test
  void imageIsSearchedForARootThatBearsOutTheLoads() throws VmcoreException {
    List<Range> loads = List.of(new Range(IMAGE, 0, 0x40000), new Range(MAP, 0, 0x100000));
    PagingHints hints = with(hints(x86().memory()), loads, List.of());
    requireFound(AddressSpace.ofKernel(hints), "search");
  }

  @Test
  void withoutPhysBaseAPageIsSearchedForThatMapsItself() throws VmcoreException {
    requireFound(AddressSpace.ofKernel(hints(x86().memory(), STEXT, TOP)), "search");
    PagingHints elsewhere = hints(x86().memory(), STEXT, "SYMBOL(init_top_pgt)=ffffffff9b620000");
    assertThatThrownBy(() -> AddressSpace.ofKernel(elsewhere))
        .hasMessageContaining("there are none where VMCOREINFO says");
    Memory holes = x86().memory().state(PageState.LOST, 0x1000, 0x800);
    requireFound(AddressSpace.ofKernel(hints(holes, STEXT, TOP)), "search");
  }

  @Test
  void aMaskOfMemoryEncryptionThatIsNoneIsNotBelieved() throws VmcoreException {
    for (String mask : new String[] {"-1", "4096", "1", "140737488355328"}) {
      String line = "NUMBER(sme_mask)=" + mask;
      AddressSpace space =
          AddressSpace.ofKernel(hints(x86().memory(), PHYS_BASE, STEXT, TOP, line));
      requireFound(space, "VMCOREINFO");
    }
  }

  @Test
  void rootThatContradictsTheLoadsIsNotTaken() {
    List<Range> loads = List.of(new Range(IMAGE, 0x3000, 0x40000), new Range(MAP, 0x5000, 0x1000));
    PagingHints hints = with(hints(x86().memory()), loads, List.of());
    assertThatThrownBy(() -> AddressSpace.ofKernel(hints)).isInstanceOf(VmcoreException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {0x10000, 0x10fff, 0x11000, 0x11003})
  void controlRegisterTellsTheRootWithoutItsFlags(long cr3) throws VmcoreException {
    List<CpuRoot> cpus = List.of(new CpuRoot(cr3, 4, List.of(IMAGE, MAP + 5)));
    requireFound(AddressSpace.ofKernel(with(hints(x86().memory()), List.of(), cpus)), "CR3");
  }

  @Test
  void controlRegisterThatMapsNothingIsNotTaken() {
    List<CpuRoot> cpus =
        List.of(
            new CpuRoot(0x90000, 4, List.of(IMAGE, MAP)),
            new CpuRoot(-1, 5, List.of(IMAGE)),
            new CpuRoot(ROOT, 5, List.of(IMAGE)),
            new CpuRoot(ROOT, 4, List.of()));
    assertThatThrownBy(() -> AddressSpace.ofKernel(with(hints(x86().memory()), List.of(), cpus)))
        .hasMessageContaining("no page tables");
  }

  @Test
  void lostTablesOfTheImageLeaveTheRest() throws VmcoreException {
    PageTables tables = x86();
    Memory memory =
        tables.memory().state(PageState.LOST, tables.entry(IMAGE + ROOT, 3) & -4096, 4096);
    AddressSpace space = AddressSpace.ofKernel(hints(memory, PHYS_BASE, STEXT, TOP));
    requireFound(space, "VMCOREINFO");
    assertThat(space.extentAt(IMAGE).state()).isEqualTo(PageState.LOST);
  }

  @Test
  void aRootThatIsLostOrExcludedIsToldSo() {
    Memory lost = x86().memory().state(PageState.LOST, ROOT, 4096);
    assertThatThrownBy(() -> AddressSpace.ofKernel(hints(lost, PHYS_BASE, STEXT, TOP)))
        .hasMessageEndingWith("the topmost one, at virtual address 0xffffffff9b610000, is lost");
    Memory excluded = x86().memory().state(PageState.EXCLUDED, ROOT, 4096);
    assertThatThrownBy(() -> AddressSpace.ofKernel(hints(excluded, PHYS_BASE, STEXT, TOP)))
        .hasMessageEndingWith("0xffffffff9b610000, is excluded from the dump");
  }

  @Test
  void withoutTablesTheImageIsWhereVmcoreInfoSays() throws VmcoreException {
    Memory memory =
        x86().memory().state(PageState.LOST, ROOT, 4096).state(PageState.EXCLUDED, 0x3000, 0x1000);
    KernelMemory kernel =
        KernelMemory.of(hints(memory, PHYS_BASE, STEXT, TOP), CountingMemory.pattern(1));
    assertThat(kernel.tables()).isEmpty();
    assertThat(Reading.bytes(kernel, IMAGE + 0x1ffe, 4))
        .isEqualTo(Reading.bytes(memory, 0x1ffe, 4));
    assertThat(kernel.extentAt(IMAGE + 0x3000).state()).isEqualTo(PageState.EXCLUDED);
    assertThat(kernel.extentAt(IMAGE + ROOT).state()).isEqualTo(PageState.LOST);
    assertThat(kernel.extentAt(MAP).state()).as("not to be known").isEqualTo(PageState.LOST);
    assertThat(kernel.extentAt(IMAGE - 1).state()).isEqualTo(PageState.LOST);
    assertThat(kernel.extentAt(IMAGE + (2 << 20)).state()).isEqualTo(PageState.LOST);
    assertThat(kernel.linearMap(IMAGE + 0x1ffe)).hasValue("kernel image");
    assertThat(kernel.linearMap(IMAGE + (2 << 20))).as("behind the last symbol's").isEmpty();
  }

  @Test
  void whatTablesDontMapIsNotTakenForTheImage() throws VmcoreException {
    KernelMemory kernel =
        KernelMemory.of(hints(x86().memory(), PHYS_BASE, STEXT, TOP), CountingMemory.pattern(1));
    assertThat(kernel.tables()).isPresent();
    assertThat(kernel.extentAt(IMAGE).isPresent()).isTrue();
    assertThat(kernel.extentAt(IMAGE + 0x3000).state()).isEqualTo(PageState.NOT_RAM);
    assertThat(Reading.bytes(kernel, IMAGE + 0x3000, 8)).isEmpty();
  }

  @Test
  void qemusNotesTellTheRoot() throws Exception {
    long[] registers = new long[54];
    registers[16] = IMAGE + 5;
    registers[18 + 10 * 3 + 3] = ROOT | 0x1003;
    byte[] ram = Reading.bytes(x86().memory(), 0, 1 << 20);
    DumpBuilder dump = DumpBuilder.elf64().qemuCpuState(registers).load(0, ram);
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      requireFound(AddressSpace.ofKernel(vmcore), "CR3");
    }
    dump = DumpBuilder.elf64().note("QEMU", 0, new byte[200]).load(0, ram);
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("short")))) {
      assertThatThrownBy(() -> AddressSpace.ofKernel(vmcore))
          .hasMessageContaining("no page tables: there is no VMCOREINFO");
    }
  }
}
