package org.vmcore.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.vmcore.arch.Machine;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.ReverseTranslation.Place;
import org.vmcore.testing.CountingMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.MemoryContract;
import org.vmcore.testing.Reading;

/** Kernels whose page tables can't be read. */
class LinearMapsTest {
  private static final long IMAGE = 0xffff_ffff_8000_0000L;
  private static final long DIRECT = 0xffff_ffd6_0000_0000L;
  private static final String[] RISCV = {
    "NUMBER(PAGE_OFFSET)=0xffffffd600000000",
    "NUMBER(phys_ram_base)=0",
    "NUMBER(KERNEL_LINK_ADDR)=0xffffffff80000000",
    "NUMBER(va_kernel_pa_offset)=0xffffffff7fffe000"
  };

  private static KernelMemory kernel(int machine, int bits, Memory physical, String... info)
      throws VmcoreException {
    return kernel(machine, bits, physical, CountingMemory.of(new byte[1]), info);
  }

  private static KernelMemory kernel(
      int machine, int bits, Memory physical, Memory loads, String... info) throws VmcoreException {
    return KernelMemory.of(
        new PagingHints(
            "dump",
            Machine.of(machine, bits),
            ByteOrder.LITTLE_ENDIAN,
            physical,
            Optional.of(VmcoreInfo.parse(String.join("\n", info))),
            List.of(),
            List.of()),
        loads);
  }

  private static KernelMemory riscv(Memory physical) throws VmcoreException {
    return kernel(Machine.RISCV, 64, physical, RISCV);
  }

  @Test
  void imageAndDirectMapAreRead() throws VmcoreException {
    KernelMemory kernel = riscv(CountingMemory.pattern(0x8000));
    assertThat(kernel.tables()).isEmpty();
    assertThat(Reading.bytes(kernel, IMAGE + 0x1000, 0x1000))
        .isEqualTo(DumpBuilder.pattern(0x3000, 0x1000));
    assertThat(Reading.bytes(kernel, DIRECT + 0x7f00, 0x1000))
        .isEqualTo(DumpBuilder.pattern(0x7f00, 0x100));
    assertThat(kernel.linearMap(IMAGE)).hasValue("kernel image");
    assertThat(kernel.linearMap(DIRECT)).hasValue("direct map");
    assertThat(kernel.linear(DIRECT + 0x123)).hasValue(0x123);
    assertThat(kernel.physical(IMAGE + 8)).hasValue(0x2008);
  }

  @Test
  void whatIsMissingIsSoAndWhy() throws VmcoreException {
    KernelMemory kernel =
        riscv(CountingMemory.pattern(0x8000).state(PageState.EXCLUDED, 0x4000, 0x1000));
    assertThat(kernel.extentAt(DIRECT + 0x4800).state()).isEqualTo(PageState.EXCLUDED);
    assertThat(kernel.extentAt(DIRECT + 0x8000).state()).isEqualTo(PageState.NOT_RAM);
    assertThat(kernel.absenceAt(DIRECT + 0x9000))
        .isEqualTo(
            "in the direct map: mapped to physical address 0x9000: the dump knows of no memory"
                + " there");
    assertThat(kernel.absenceAt(0xffff_ffc6_0000_0000L))
        .isEqualTo("no page tables: VMCOREINFO tells of no root; and no PT_LOAD tells of it");
  }

  /** Where the kernel and the PT_LOADs differ the kernel is believed, if there is memory. */
  @Test
  void theMapsComeBeforeTheLoads() throws VmcoreException {
    byte[] ofLoads = new byte[0x4000];
    Arrays.fill(ofLoads, (byte) 0x77);
    Memory physical = CountingMemory.pattern(0x8000).state(PageState.NOT_RAM, 0x1000, 0x1000);
    KernelMemory kernel =
        kernel(Machine.S390, 64, physical, CountingMemory.of(ofLoads), "PAGESIZE=4096");
    assertThat(Reading.bytes(kernel, 0x800, 0x800)).isEqualTo(DumpBuilder.pattern(0x800, 0x800));
    assertThat(kernel.linearMap(0x800)).hasValue("direct map");
    assertThat(kernel.extentAt(0x800)).isEqualTo(new Extent(0, 0x1000, PageState.PRESENT));
    assertThat(Reading.bytes(kernel, 0x1800, 0x800)).isEqualTo(Arrays.copyOf(ofLoads, 0x800));
    assertThat(kernel.linearMap(0x1800)).isEmpty();
    assertThat(kernel.extentAt(0x1800)).isEqualTo(new Extent(0x1000, 0x1000, PageState.PRESENT));
    assertThat(Reading.bytes(kernel, 0xf00, 0x1200)).hasSize(0x1200);
    assertThat(kernel.absenceAt(0x8000)).startsWith("in the direct map: mapped to");
  }

  @Test
  void placesAreThoseOfTheMaps() throws VmcoreException {
    ReverseTranslation found = riscv(CountingMemory.pattern(0x8000)).reverse(0x3010);
    assertThat(found.places())
        .containsExactly(
            new Place(DIRECT + 0x3010, 0, "direct map"),
            new Place(IMAGE + 0x1010, 0, "kernel image"));
    assertThat(found.reason()).isEqualTo("there are no page tables to look into");
  }

  /** RAM in front of that which the kernel was loaded to. */
  @Test
  void ofSeveralRangesTheKernelsIsTaken() throws VmcoreException {
    byte[] ram = new byte[6 << 20];
    byte[] release = "\0".concat("6.6.0-arm").concat("\0").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(release, 0, ram, (4 << 20) + 0x8000 + 130, release.length);
    Memory physical = CountingMemory.of(ram).state(PageState.NOT_RAM, 1 << 20, 3 << 20);
    String[] info = {
      "OSRELEASE=6.6.0-arm", "SYMBOL(swapper_pg_dir)=c0004000", "SYMBOL(init_uts_ns)=c0008000"
    };
    KernelMemory kernel = kernel(Machine.ARM, 32, physical, info);
    assertThat(kernel.linear(0xc000_8000L)).hasValue((4 << 20) + 0x8000);
    info[0] = "OSRELEASE=other";
    assertThat(kernel(Machine.ARM, 32, physical, info).linear(0xc000_8000L)).hasValue(0x8000);
  }

  @Test
  void armsDirectMapBeginsBelowTheLowestMemoryThatIsInTheDump() throws VmcoreException {
    byte[] ram = new byte[0x20_9000];
    byte[] names = "\0Linux\0node\0006.6.0-arm\0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(names, 0, ram, 0x20_8000, names.length);
    Memory physical = CountingMemory.of(ram).state(PageState.NOT_RAM, 0, 0x20_0000);
    String[] info = {
      "OSRELEASE=6.6.0-arm", "SYMBOL(_stext)=c0200000", "SYMBOL(init_uts_ns)=c0208000"
    };
    assertThat(kernel(Machine.ARM, 32, physical, info).linear(0xc020_8000L)).hasValue(0x20_8000);
  }

  @Test
  void theImagesStartMayBeOutsideOfAllThatIsMapped() throws VmcoreException {
    String[] info = {"SYMBOL(swapper_pg_dir)=c000000000004000", "SYMBOL(_stext)=0"};
    KernelMemory kernel = kernel(Machine.PPC64, 64, CountingMemory.of(new byte[0x8000]), info);
    assertThat(kernel.tables()).isEmpty();
    assertThat(kernel.physical(0xc000_0000_0000_5000L)).hasValue(0x5000);
  }

  @Nested
  class Contract extends MemoryContract {
    private final KernelMemory kernel;

    Contract() throws VmcoreException {
      Memory physical = CountingMemory.pattern(0x8000).state(PageState.LOST, 0x5000, 0x1000);
      kernel = riscv(physical);
    }

    @Override
    protected Subject open() {
      List<Part> parts =
          List.of(
              Part.present(DIRECT, DumpBuilder.pattern(0, 0x5000)),
              Part.missing(DIRECT + 0x5000, 0x1000, PageState.LOST),
              Part.present(DIRECT + 0x6000, DumpBuilder.pattern(0x6000, 0x2000)),
              Part.present(IMAGE, DumpBuilder.pattern(0x2000, 0x3000)),
              Part.missing(IMAGE + 0x3000, 0x1000, PageState.LOST),
              Part.present(IMAGE + 0x4000, DumpBuilder.pattern(0x6000, 0x2000)));
      return new Subject(kernel, parts, () -> {});
    }
  }
}
