package org.vmcore.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

class VirtualAddressesTest {
  private static final int RISCV = 243;

  /** In the image's 2 GiB, as kexec-tools 2.0.32 has it for RAM that begins low. */
  private static final long NONSENSE = 0xffff_ffff_c0bf_f000L;

  @TempDir Path folder;

  private Path riscv64(String... info) throws Exception {
    return DumpBuilder.elf64()
        .machine(RISCV)
        .vmcoreinfo(info)
        .load(0x4020_0000, 0x1000)
        .vaddr(0xffff_ffff_8000_0000L)
        .load(0x4040_0000, 0x1000)
        .vaddr(0xffff_ffd6_0040_0000L)
        .load(0x4060_0000, 0x1000)
        .vaddr(NONSENSE)
        .writeTo(folder.resolve("vmcore"));
  }

  private static List<Boolean> known(Vmcore vmcore) {
    return vmcore.segments().stream().filter(s -> s.isLoad()).map(vmcore::isVirtualKnown).toList();
  }

  @Test
  void whatVmcoreInfoContradictsIsNone() throws Exception {
    Path dump =
        riscv64(
            "NUMBER(PAGE_OFFSET)=0xffffffd600000000",
            "NUMBER(phys_ram_base)=1073741824",
            "NUMBER(va_kernel_pa_offset)=0xffffffff3fe00000");
    try (Vmcore vmcore = Vmcore.open(dump)) {
      assertThat(known(vmcore)).containsExactly(true, true, false);
      assertThat(vmcore.virtual().read(NONSENSE, MemorySegment.ofArray(new byte[8]))).isZero();
    }
  }

  /** The highest page that 32 bits address, and what would lie behind it. */
  @Test
  void of32BitsNothingLiesBehindTheLastAddress() throws Exception {
    Path dump =
        DumpBuilder.elf32()
            .load(0x2000, 0x3000)
            .vaddr(0xffff_f000L)
            .writeTo(folder.resolve("dump"));
    try (Vmcore vmcore = Vmcore.open(dump)) {
      assertThat(vmcore.virtual().extentAt(0xffff_f000L))
          .isEqualTo(new Extent(0xffff_f000L, 0x1000, PageState.PRESENT));
      assertThat(Reading.bytes(vmcore.virtual(), 0xffff_ff00L, 0x200))
          .isEqualTo(DumpBuilder.pattern(0x2f00, 0x100));
      assertThat(vmcore.virtual().extentAt(1L << 32).state()).isEqualTo(PageState.NOT_RAM);
      KernelMemory kernel = KernelMemory.of(vmcore);
      assertThat(kernel.physical(0xffff_ffffL)).hasValue(0x2fff);
      assertThat(kernel.physical(1L << 32)).isEmpty();
      assertThat(vmcore.physical().extentAt(0x4fff).isPresent()).isTrue();
    }
  }

  @Test
  void withoutWhatWouldTellAllAreBelieved() throws Exception {
    try (Vmcore vmcore = Vmcore.open(riscv64("NUMBER(phys_ram_base)=1073741824"))) {
      assertThat(known(vmcore)).containsExactly(true, true, true);
    }
  }
}
