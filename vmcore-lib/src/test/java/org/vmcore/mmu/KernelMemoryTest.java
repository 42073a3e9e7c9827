package org.vmcore.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.memory.PageState.EXCLUDED;
import static org.vmcore.memory.PageState.LOST;
import static org.vmcore.memory.PageState.NOT_RAM;
import static org.vmcore.testing.DumpBuilder.pattern;
import static org.vmcore.testing.MemoryContract.Part.missing;
import static org.vmcore.testing.MemoryContract.Part.present;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.arch.Machine;
import org.vmcore.arch.paging.X86Paging;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.MemoryContract;
import org.vmcore.testing.PageTables;
import org.vmcore.testing.Reading;

class KernelMemoryTest {
  private static final int PAGE = 0x1000;
  private static final int LARGE = 0x200000;
  private static final long VMALLOC = 0xffff_ffc6_0000_0000L;

  /**
   * The PT_LOADs tell of addresses from 0 to here, of bytes that differ from those of the tables.
   */
  private static final int LOADS = 0x4000;

  private static CountingMemory loads() {
    return CountingMemory.of(ofLoads(LOADS)).state(EXCLUDED, 0x2000, 0x800);
  }

  private static byte[] ofLoads(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 0x77);
    return bytes;
  }

  private static KernelMemory memory() {
    PageTables tables =
        PageTables.x86(39, 30, 21, 12)
            .map(PAGE, 0x80000, 12)
            .map(3 * PAGE, 0x81000, 12)
            .map(5 * PAGE, 0x90000, 12)
            .map(LARGE, 0xa0000, 12);
    Memory physical =
        tables.memory().state(EXCLUDED, 0x81000, 0x800).state(LOST, tables.entry(LARGE, 3), PAGE);
    return KernelMemory.of(AddressSpace.of(physical, new X86Paging(4, 0), tables.root()), loads());
  }

  @Nested
  class Both extends MemoryContract {
    @Override
    protected Subject open() {
      List<Part> parts =
          List.of(
              present(0, ofLoads(PAGE)),
              present(PAGE, pattern(0x80000, PAGE)),
              missing(2 * PAGE, 0x800, EXCLUDED),
              present(2 * PAGE + 0x800, ofLoads(0x800)),
              missing(3 * PAGE, 0x800, EXCLUDED),
              present(3 * PAGE + 0x800, pattern(0x81800, 0x800)),
              present(5 * PAGE, pattern(0x90000, PAGE)),
              missing(LARGE, LARGE, LOST));
      return new Subject(memory(), parts, () -> {});
    }
  }

  @Test
  void tellsWhichAddressesAreMapped() throws Exception {
    KernelMemory memory = memory();
    assertThat(memory.isMapped(0)).isFalse();
    assertThat(memory.isMapped(PAGE)).isTrue();
    assertThat(memory.isMapped(LARGE)).isFalse();
    assertThat(memory.tables()).isPresent();
    assertThat(memory.lossAt(LARGE).map(Finding::message).orElse("")).contains("PTE entry");
    assertThat(memory.lossAt(0)).isEmpty();
  }

  @Test
  void withoutTablesTheLoadsTell(@TempDir Path folder) throws Exception {
    long map = 0xffff_8880_0000_0000L;
    Path file =
        DumpBuilder.elf64().load(PAGE, PAGE).vaddr(map + PAGE).writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(file)) {
      KernelMemory memory = KernelMemory.of(vmcore);
      assertThat(memory.tables()).isEmpty();
      assertThat(memory.reason()).isEqualTo("there is no VMCOREINFO");
      assertThat(memory.isMapped(map + PAGE)).isFalse();
      assertThat(Reading.bytes(memory, map + PAGE + 5, PAGE))
          .isEqualTo(pattern(PAGE + 5, PAGE - 5));
      assertThat(memory.extentAt(map).state()).isEqualTo(NOT_RAM);
    }
  }

  /** What is asked of a memory. */
  private interface Question {
    void ask(KernelMemory memory) throws Exception;
  }

  /** Of a table of which the first entry is lost no other is kept: each walk reads its own. */
  private static void requireOneWalk(long address, Question question) throws Exception {
    PageTables tables = PageTables.x86(39, 30, 21, 12).map(PAGE, 0x80000, 12);
    CountingMemory physical = tables.memory().state(LOST, tables.entry(0, 3), 8);
    AddressSpace space = AddressSpace.of(physical, new X86Paging(4, 0), tables.root());
    question.ask(KernelMemory.of(space, loads()));
    assertThat(physical.reads(tables.entry(address, 3), 8)).hasSize(1);
  }

  @Test
  void anAddressIsWalkedToOnce() throws Exception {
    for (long address : new long[] {PAGE, 3 * PAGE}) { // by the tables, by the PT_LOADs
      requireOneWalk(address, memory -> Reading.bytes(memory, address, 8));
      requireOneWalk(address, memory -> memory.extentAt(address));
      requireOneWalk(address, memory -> memory.lossAt(address));
      requireOneWalk(address, memory -> assertThat(memory.linearMap(address)).isNotNull());
    }
  }

  @Test
  void whyThereIsNothingIsTold() throws Exception {
    PageTables tables = PageTables.x86(39, 30, 21, 12).map(PAGE, 0x4000_0000L, 12);
    AddressSpace space = AddressSpace.of(tables.memory(), new X86Paging(4, 0), tables.root());
    KernelMemory memory = KernelMemory.of(space, CountingMemory.of(new byte[1]));
    assertThat(memory.absenceAt(PAGE + 8))
        .isEqualTo("mapped to physical address 0x40000008: the dump knows of no memory there");
    assertThat(memory.absenceAt(2 * PAGE)).startsWith("not mapped: the PTE entry at");
    assertThat(memory.absenceAt(1L << 60))
        .isEqualTo("not an address of these x86_64 page tables of 4 levels");
  }

  /** A kernel whose last table of vmalloc's is lost; where its image lies VMCOREINFO tells. */
  private static KernelMemory riscv64() throws Exception {
    long link = 0xffff_ffff_8000_0000L;
    PageTables tables = PageTables.riscv64(30, 21, 12).map(link, 0, 21).map(VMALLOC, 0x90000, 12);
    String info =
        "NUMBER(VA_BITS)=39\nNUMBER(KERNEL_LINK_ADDR)=0xffffffff80000000\n"
            + "NUMBER(va_kernel_pa_offset)=0xffffffff80000000\n"
            + "SYMBOL(swapper_pg_dir)="
            + Long.toHexString(link + tables.root());
    Memory physical = tables.memory().state(LOST, tables.entry(VMALLOC, 2) & -PAGE, PAGE);
    return KernelMemory.of(
        new PagingHints(
            "dump",
            Machine.of(Machine.RISCV, 64),
            ByteOrder.LITTLE_ENDIAN,
            physical,
            Optional.of(VmcoreInfo.parse(info)),
            List.of(),
            List.of()),
        CountingMemory.of(new byte[0]));
  }

  @Test
  void whereATableIsLostTheKernelsRecordsTell() throws Exception {
    KernelMemory without = riscv64();
    assertThat(without.extentAt(VMALLOC).state()).isEqualTo(LOST);
    assertThat(without.physical(VMALLOC)).isEmpty();
    List<Long> asked = new ArrayList<>();
    KernelMemory memory =
        riscv64()
            .with(
                address -> {
                  asked.add(address);
                  return Optional.of(
                      new MappedRange(MappedRange.AREA, address & -PAGE, 0x90000, PAGE));
                });
    assertThat(Reading.bytes(memory, VMALLOC + 5, PAGE - 5)).isEqualTo(pattern(0x90005, PAGE - 5));
    assertThat(memory.physical(VMALLOC + 5)).hasValue(0x90005);
    assertThat(memory.linearMap(VMALLOC)).hasValue("vmalloc area");
    assertThat(memory.extentAt(VMALLOC).size()).isEqualTo(PAGE);
    asked.clear();
    assertThat(memory.extentAt(VMALLOC - (1L << 30)).state()).isEqualTo(NOT_RAM);
    assertThat(memory.physical(VMALLOC - (1L << 30))).isEmpty();
    assertThat(asked).as("of what page tables say that it isn't mapped").isEmpty();
  }
}
