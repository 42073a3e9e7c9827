package org.vmcore.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.arch.Machine;
import org.vmcore.arch.paging.S390xPaging;
import org.vmcore.elf.ElfClass;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.S390xTables;

class S390xPagingTest {
  @TempDir Path folder;

  private static final long TOP = 0x3ff_ffff_f000L;

  private static AddressSpace space(S390xTables tables, int levels) {
    return AddressSpace.of(tables.memory(), new S390xPaging(levels), tables.root());
  }

  @ParameterizedTest
  @CsvSource({
    "2, 0x7fff_f000",
    "3, 0x3ff_ffff_f000",
    "4, 0x1f_ffff_ffff_f000",
    "5, 0xffff_ffff_ffff_f000",
    "5, 0x7fff_ffff_ffff_f000"
  })
  void aPageOfEachNumberOfLevels(int levels, String top) throws VmcoreException {
    long virtual = Long.parseUnsignedLong(top.substring(2).replace("_", ""), 16);
    AddressSpace space = space(new S390xTables(levels).map(virtual, 0x3000).map(0, 0x9000), levels);

    assertThat(space.physical(virtual + 0xabc)).hasValue(0x3abc);
    assertThat(space.physical(0x10)).hasValue(0x9010);
    assertThat(space.physical(virtual - 0x1000)).isEmpty();
    assertThat(space.translate(virtual).steps()).hasSize(levels);
    assertThat(space.reverse(0x3000).places())
        .extracting(ReverseTranslation.Place::virtual)
        .containsExactly(virtual);
  }

  @Test
  void whatLiesAboveTheTablesIsNoneOfTheirAddresses() throws VmcoreException {
    AddressSpace space = space(new S390xTables(3).map(TOP, 0x3000), 3);

    assertThat(space.physical(TOP | 1L << 42)).isEmpty();
    assertThat(space.translate(-1).reason())
        .isEqualTo("not an address of these s390x page tables of 3 levels");
  }

  @Test
  void largePages() throws VmcoreException {
    S390xTables tables =
        new S390xTables(3).mapSegment(0x4010_0000L, 0x30_0000).mapRegion(0x8000_0000L, 1L << 33);
    AddressSpace space = space(tables, 3);

    assertThat(space.physical(0x401f_fff8L)).hasValue(0x3f_fff8);
    assertThat(space.translate(0x4010_0000L).pageSize()).isEqualTo(1 << 20);
    assertThat(space.physical(0xffff_ffffL)).hasValue((1L << 33) + 0x7fff_ffff);
    assertThat(space.translate(0x8000_0000L).pageSize()).isEqualTo(1L << 31);
    assertThat(space.translate(0x8000_0000L).steps().getLast().flags()).isEqualTo("FC");
  }

  @Test
  void aPageTableIsHalfAPage() throws VmcoreException {
    S390xTables tables = new S390xTables(3).map(0, 0x3000).map(1 << 20, 0x5000);
    AddressSpace space = space(tables, 3);

    assertThat(tables.get(tables.entry(1 << 20, 1)) & 0x800).isNotZero();
    assertThat(space.physical(1 << 20)).hasValue(0x5000);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x3000, PRESENT",
    "0, 0x3400, NOT_RAM",
    "0, 0x3601, PRESENT",
    "0, 0x3600, NOT_RAM",
    "0, 0x3800, LOST",
    "1, 0x10020, NOT_RAM",
    "1, 0x00420, PRESENT",
    "1, 0x00430, NOT_RAM",
    "1, 0x00424, NOT_RAM",
    "1, 0x10004, LOST",
    "2, 0x00024, NOT_RAM",
    "2, 0x00424, PRESENT",
    "2, 0x10003, LOST",
    "2, 0x1000b, LOST",
    "2, 0x10004, LOST",
    "2, 0x10047, LOST"
  })
  void entries(int level, String entry, PageState state) throws VmcoreException {
    S390xTables tables = new S390xTables(3).map(0x6000, 0x3000);
    tables.put(tables.entry(0x6000, level), Long.decode(entry));

    assertThat(space(tables, 3).extentAt(0x6000).state()).isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5})
  void tablesThatLeadToThemselvesEnd(int levels) throws VmcoreException {
    S390xTables tables = new S390xTables(levels);
    for (int i = 0; i < 2048; i++) {
      tables.put(tables.root() + 8 * i, tables.asce());
    }
    AddressSpace space = space(tables, levels);

    assertThat(space.read(0x6000, MemorySegment.ofArray(new byte[8]))).isZero();
    assertThat(space.reverse(0x10000).places()).isEmpty();
    assertThat(space.eachTable(_ -> {})).isTrue();
  }

  @Test
  void tablesOutsideOfMemoryAreLost() throws VmcoreException {
    S390xTables tables = new S390xTables(3);
    tables.put(tables.root(), -0x4000 | 7);
    AddressSpace space = space(tables, 3);

    assertThat(space.extentAt(0).state()).isEqualTo(PageState.LOST);
    assertThat(space.translate(0).reason()).endsWith("is outside of RAM");
  }

  @Test
  void aTaskHasLevelsOfItsOwn() throws VmcoreException {
    AddressSpace kernel = space(new S390xTables(4).map(0, 0x9000), 4);
    S390xTables task = new S390xTables(3).map(0x8000, 0x3000);
    AddressSpace any = AddressSpace.of(task.memory(), new S390xPaging(4), 0);

    assertThat(any.ofTask(task.root(), 0x8000).levels()).isEqualTo(3);
    assertThat(any.ofTask(task.root(), 0x8000).physical(0x8000)).hasValue(0x3000);
    assertThat(any.ofTask(task.root(), 0x9000).levels()).isEqualTo(4);
    assertThat(List.of(kernel.ofTask(kernel.root(), 0).levels())).containsExactly(4);
  }

  private static DumpBuilder dump(S390xTables tables) {
    return DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN)
        .machine(Machine.S390)
        .load(0, tables.bytes());
  }

  private static byte[] controlRegisters(long home, long linkageStack) {
    return ByteBuffer.allocate(128).putLong(13 * 8, home).putLong(15 * 8, linkageStack).array();
  }

  @Test
  void theHomeSpaceOfACpuIsTheKernels() throws IOException {
    S390xTables tables = new S390xTables(4).map(0x7000, 0x7000).map(TOP, 0x5000);
    DumpBuilder dump =
        DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN)
            .machine(Machine.S390)
            .note("LINUX", 0x304, new byte[100])
            .note("LINUX", 0x304, controlRegisters(0x9000 | 7, 0x7000))
            .note("LINUX", 0x304, controlRegisters(tables.asce() | 0x20, 0x7000))
            .note("LINUX", 0x304, controlRegisters(tables.asce() | 0x1c0, 0x7000))
            .load(0, tables.bytes());

    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      KernelMemory memory = KernelMemory.of(vmcore);
      assertThat(memory.physical(TOP)).hasValue(0x5000);
      assertThat(memory.tables().orElseThrow().toString())
          .isEqualTo("s390x page tables of 4 levels, root 0x10000 (CR13)");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void theSymbolIsTheRootHoweverManyLevelsThereAre(int levels) throws IOException {
    S390xTables tables = new S390xTables(levels).map(0x10000, 0x10000).map(0x7fff_f000, 0x5000);
    DumpBuilder dump =
        dump(tables)
            .vmcoreinfo(
                "OSRELEASE=6.1.0", "SYMBOL(lowcore_ptr)=1000", "SYMBOL(swapper_pg_dir)=10000");

    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      AddressSpace space = AddressSpace.ofKernel(vmcore);
      assertThat(space.levels()).isEqualTo(levels);
      assertThat(space.origin()).isEqualTo("VMCOREINFO");
      assertThat(space.physical(0x7fff_f000)).hasValue(0x5000);
    }
  }

  @Test
  void anImageThatIsElsewhereIsFoundByItsOffsets() throws IOException {
    S390xTables tables = new S390xTables(3).map(TOP - 0x6000, 0x10000).map(TOP, 0x16000);
    DumpBuilder dump =
        dump(tables)
            .vmcoreinfo(
                "OSRELEASE=6.12.0",
                "SYMBOL(swapper_pg_dir)=3ffffff9000",
                "IDENTITYBASE=0",
                "KERNELOFFSET=3ffffff9000",
                "KERNELOFFPHYS=10000");

    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      assertThat(AddressSpace.ofKernel(vmcore).physical(TOP)).hasValue(0x16000);
    }
  }
}
