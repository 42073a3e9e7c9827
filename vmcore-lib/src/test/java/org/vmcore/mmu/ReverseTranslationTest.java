package org.vmcore.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vmcore.arch.Machine;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.PagingHints.Range;
import org.vmcore.mmu.ReverseTranslation.Place;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.PageTables;

class ReverseTranslationTest {
  private static final long IMAGE = 0xffff_ffff_8100_0000L;
  private static final long DIRECT = 0xffff_8ead_4000_0000L;
  private static final long VMALLOC = 0xffff_c900_0000_0000L;

  /** The root's page is in the image and in the direct map, as a kernel has it. */
  private static PageTables tables() {
    return PageTables.x86(39, 30, 21, 12)
        .map(IMAGE, 0, 12)
        .map(IMAGE + 0x10000, 0x10000, 12)
        .map(DIRECT + 0x10000, 0x10000, 12)
        .map(DIRECT + 0x3000, 0x3000, 12)
        .map(VMALLOC + 0x5000, 0x3000, 12)
        .map(VMALLOC + (4 << 20), 0x200000, 21);
  }

  private static KernelMemory kernel(int number, Memory physical, List<Range> loads, String... info)
      throws VmcoreException {
    return KernelMemory.of(
        new PagingHints(
            "dump",
            Machine.of(number, 64),
            ByteOrder.LITTLE_ENDIAN,
            physical,
            Optional.of(VmcoreInfo.parse(String.join("\n", info))),
            loads,
            List.of()),
        CountingMemory.of(new byte[1]));
  }

  private static KernelMemory x86(Memory physical) throws VmcoreException {
    return kernel(
        Machine.X86_64,
        physical,
        List.of(),
        "SYMBOL(_stext)=ffffffff81000000",
        "SYMBOL(swapper_pg_dir)=ffffffff81010000",
        "NUMBER(phys_base)=-16777216");
  }

  @Test
  void everyPlaceIsFoundAndNamed() throws VmcoreException {
    KernelMemory kernel = x86(tables().memory());
    assertThat(kernel.reverse(0x3123).places())
        .containsExactly(
            new Place(DIRECT + 0x3123, 0x1000, "direct map"),
            new Place(VMALLOC + 0x5123, 0x1000, "other"));
    assertThat(kernel.reverse(0x10008).places())
        .containsExactly(
            new Place(DIRECT + 0x10008, 0x1000, "direct map"),
            new Place(IMAGE + 0x10008, 0x1000, "kernel image"));
    assertThat(kernel.reverse(0x212345).places())
        .containsExactly(new Place(VMALLOC + (4 << 20) + 0x12345, 0x200000, "other"));
    assertThat(kernel.reverse(0x3123).reason()).isEmpty();
    assertThat(kernel.reverse(0x400000).places()).isEmpty();
  }

  @Test
  void aTasksPlacesAreThoseOfItsTables() throws VmcoreException {
    PageTables tables = PageTables.x86(39, 30, 21, 12).map(0x7000, 0x3000, 12);
    KernelMemory kernel = kernel(Machine.X86_64, tables.memory(), List.of());
    assertThat(kernel.tables()).isEmpty();
    assertThat(kernel.tables(tables.root(), 0).reverse(0x3123).places())
        .containsExactly(new Place(0x7123, 0x1000, "other"));
  }

  @Test
  void theUsersHalfIsNoKernelsPlace() throws VmcoreException {
    assertThat(x86(tables().map(0x7000, 0x3000, 12).memory()).reverse(0x3123).places()).hasSize(2);
  }

  @Test
  void theUpperHalfOfArmIsAllThereIs() throws VmcoreException {
    long image = 0xffff_8000_8000_0000L;
    PageTables tables =
        PageTables.arm64(48, 39, 30, 21, 12)
            .map(image + 0x10000, 0x10000, 12)
            .map(image, 0, 12)
            .map(0xffff_0000_0001_0000L, 0x10000, 12);
    KernelMemory kernel =
        kernel(
            Machine.ARM64,
            tables.memory(),
            List.of(),
            "PAGESIZE=4096",
            "NUMBER(VA_BITS)=48",
            "NUMBER(PHYS_OFFSET)=0x0",
            "NUMBER(kimage_voffset)=0xffff800080000000",
            "SYMBOL(_stext)=ffff800080000000",
            "SYMBOL(swapper_pg_dir)=ffff800080010000");
    assertThat(kernel.reverse(0x10010).places())
        .containsExactly(
            new Place(0xffff_0000_0001_0010L, 0x1000, "direct map"),
            new Place(image + 0x10010, 0x1000, "kernel image"));
  }

  @Test
  void loadsTellOfMore() throws VmcoreException {
    KernelMemory kernel =
        kernel(
            Machine.X86_64,
            tables().memory(),
            List.of(new Range(0xffff_8880_0000_0000L, 0, 0x8000)));
    assertThat(kernel.reverse(0x3000).places())
        .containsExactly(new Place(0xffff_8880_0000_3000L, 0, "direct map"));
    assertThat(kernel.reverse(0x3000).reason()).isNotEmpty();
  }

  @Test
  void missingTablesAreToldOf() throws VmcoreException {
    PageTables tables = tables();
    long lost = tables.entry(VMALLOC + 0x5000, 3) & -0x1000;
    CountingMemory physical = tables.memory().state(PageState.LOST, lost, 0x1000);
    ReverseTranslation found = x86(physical).reverse(0x3000);
    assertThat(found.places()).containsExactly(new Place(DIRECT + 0x3000, 0x1000, "direct map"));
    assertThat(found.reason()).isEqualTo("1 page tables aren't whole in the dump");
  }

  /** As KASAN's shadow: a table that is entered everywhere is looked into once. */
  @Test
  void tablesThatAreSharedOrLeadBackEnd() throws VmcoreException {
    PageTables tables = tables();
    for (int level = 0; level < 3; level++) {
      long table = tables.entry(VMALLOC, level) & -0x1000;
      for (int i = 300; i < 400; i++) {
        tables.put(table + 8L * i, table | 0x67);
      }
    }
    assertThat(x86(tables.memory()).reverse(0x500000).places()).isEmpty();
    ReverseTranslation found = x86(tables.memory()).reverse(0x3000);
    assertThat(found.places()).hasSizeLessThan(5000);
  }
}
