package org.vmcore.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.elf.VmcoreInfo;

/** What needs no page tables, by the VMCOREINFO of real kernels where there is one. */
class LinearMapTest {
  /** A kernel's VMCOREINFO, and where its RAM begins. */
  @SuppressWarnings("ImmutableEnumChecker") // what they hold never changes
  enum Kernel {
    RISCV64(
        Riscv64.INSTANCE,
        0x8000_0000L,
        "NUMBER(PAGE_OFFSET)=0xffffffd600000000",
        "NUMBER(phys_ram_base)=2147483648",
        "NUMBER(KERNEL_LINK_ADDR)=0xffffffff80000000",
        "NUMBER(va_kernel_pa_offset)=0xfffffffeffe00000",
        "SYMBOL(_stext)=ffffffff80002000",
        "SYMBOL(clear_seq)=ffffffff81dd4570"),
    RISCV64_OLD(
        Riscv64.INSTANCE,
        0x8000_0000L,
        "NUMBER(PAGE_OFFSET)=0xffffaf8000000000",
        "NUMBER(phys_ram_base)=0x80200000",
        "NUMBER(KERNEL_LINK_ADDR)=0xffffffff80000000",
        "SYMBOL(_stext)=ffffffff80002000"),
    PPC64(Ppc64.INSTANCE, 0, "NUMBER(VMALLOC_START)=0xc008000000000000"),
    PPC64_OLD(Ppc64.INSTANCE, 0, "SYMBOL(_stext)=c000000000000000"),
    S390X(
        S390x.INSTANCE,
        0,
        "NUMBER(VMALLOC_START)=0x37ffe700000",
        "SYMBOL(swapper_pg_dir)=3fffff40000",
        "SYMBOL(vmemmap)=37200000000",
        "SAMODE31=9f5000",
        "EAMODE31=9f8000",
        "IDENTITYBASE=0",
        "KERNELOFFSET=3fffe7f8000",
        "KERNELOFFPHYS=8f8000"),
    S390X_MOVED(
        S390x.INSTANCE,
        0,
        "SAMODE31=9f5000",
        "EAMODE31=9f8000",
        "IDENTITYBASE=10000000000",
        "KERNELOFFSET=3fffe7f8000",
        "KERNELOFFPHYS=8f8000"),
    S390X_OLD(S390x.INSTANCE, 0, "KERNELOFFSET=1000000"),
    ARM(Arm.INSTANCE, 0x4020_0000L, "SYMBOL(swapper_pg_dir)=c0004000", "SYMBOL(_stext)=c0100000"),
    ARM_2G(Arm.INSTANCE, 0x8000_8000L, "SYMBOL(_stext)=80008000"),
    I386(org.vmcore.arch.I386.INSTANCE, 0x1000, "SYMBOL(_stext)=c1000000"),
    ARM64(
        Arm64.INSTANCE,
        0,
        "SYMBOL(_stext)=ffffc5cb5b610000",
        "SYMBOL(swapper_pg_dir)=ffffc5cb5c98f000",
        "NUMBER(kimage_voffset)=0xffffc5cb1b400000"),
    X86_64(
        org.vmcore.arch.X86_64.INSTANCE,
        0,
        "SYMBOL(_stext)=ffffffff81000000",
        "NUMBER(phys_base)=4096");

    private final Architecture architecture;
    private final long ram;
    private final VmcoreInfo info;

    Kernel(Architecture architecture, long ram, String... info) {
      this.architecture = architecture;
      this.ram = ram;
      this.info = VmcoreInfo.parse(String.join("\n", info));
    }

    OptionalLong physical(long vaddr) {
      for (LinearMap map : architecture.linearMaps(info, ram)) {
        if (map.contains(vaddr)) {
          return OptionalLong.of(map.physical(vaddr));
        }
      }
      return OptionalLong.empty();
    }
  }

  /** An address and what it is mapped to; −1 where page tables alone would tell. */
  record Case(Kernel kernel, long vaddr, long paddr) {}

  private static Stream<Case> cases() {
    return Stream.of(
        new Case(Kernel.RISCV64, 0xffff_ffff_8000_2000L, 0x8020_2000L),
        new Case(Kernel.RISCV64, 0xffff_ffd6_0000_1000L, 0x8000_1000L),
        new Case(Kernel.RISCV64, 0xffff_ffc6_002e_5000L, -1),
        new Case(Kernel.RISCV64, 0xffff_ffff_01e6_c000L, -1),
        new Case(Kernel.RISCV64, 0xffff_ffff_821f_ffffL, 0x823f_ffffL),
        new Case(Kernel.RISCV64, 0xffff_ffff_8220_0000L, -1),
        new Case(Kernel.RISCV64, 0x1000, -1),
        new Case(Kernel.RISCV64_OLD, 0xffff_ffff_8000_2000L, 0x8020_2000L),
        new Case(Kernel.RISCV64_OLD, 0xffff_af80_0000_1000L, 0x8020_1000L),
        new Case(Kernel.PPC64, 0xc000_0000_026e_4ca8L, 0x26e_4ca8),
        new Case(Kernel.PPC64, 0xc008_0000_0038_8000L, -1),
        new Case(Kernel.PPC64, 0xbfff_ffff_ffff_ffffL, -1),
        new Case(Kernel.PPC64_OLD, 0xc000_0001_0000_0000L, 0x1_0000_0000L),
        new Case(Kernel.PPC64_OLD, 0xd000_0000_0000_0000L, -1),
        new Case(Kernel.S390X, 0x3ff_fe8f_8000L, 0x9f_8000),
        new Case(Kernel.S390X, 0x3ff_fff2_4cd8L, 0x202_4cd8),
        new Case(Kernel.S390X, 0x400_0040_0000L, -1),
        new Case(Kernel.S390X, 0x666_0000, 0x666_0000),
        new Case(Kernel.S390X, 0x9f_6000, 0x9f_6000),
        new Case(Kernel.S390X, 0x37f_fe9d_8000L, -1),
        new Case(Kernel.S390X, 0x372_0000_0000L, -1),
        new Case(Kernel.S390X_MOVED, 0x100_0666_0000L, 0x666_0000),
        new Case(Kernel.S390X_MOVED, 0x9f_6000, 0x9f_6000),
        new Case(Kernel.S390X_MOVED, 0x666_0000, -1),
        new Case(Kernel.S390X_OLD, 0x110_0000, 0x110_0000),
        new Case(Kernel.ARM, 0xc010_0000L, 0x4030_0000L),
        new Case(Kernel.ARM, 0xbf00_0000L, -1),
        new Case(Kernel.ARM, 0xf080_0000L, -1),
        new Case(Kernel.ARM_2G, 0x8000_8000L, 0x8000_8000L),
        new Case(Kernel.I386, 0xc100_1000L, 0x100_1000),
        new Case(Kernel.I386, 0xf800_0000L, -1),
        new Case(Kernel.ARM64, 0xffff_c5cb_5c98_f000L, 0x4158_f000),
        new Case(Kernel.X86_64, 0xffff_ffff_8100_0123L, 0x100_1123),
        new Case(Kernel.X86_64, 0xffff_8880_0000_0000L, -1));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void addressesAreMappedInARow(Case each) {
    OptionalLong physical = each.kernel().physical(each.vaddr());
    if (each.paddr() == -1) {
      assertThat(physical).isEmpty();
    } else {
      assertThat(physical).hasValue(each.paddr());
    }
  }

  /** The maps of one kernel lead back to where they came from. */
  @ParameterizedTest
  @MethodSource("cases")
  void theyLeadBack(Case each) {
    for (LinearMap map :
        each.kernel().architecture.linearMaps(each.kernel().info, each.kernel().ram)) {
      if (map.contains(each.vaddr())) {
        assertThat(map.maps(map.physical(each.vaddr()))).isTrue();
        assertThat(map.virtual(map.physical(each.vaddr()))).isEqualTo(each.vaddr());
      }
    }
  }

  @Test
  void withoutVmcoreInfosNumbersThereAreNone() {
    VmcoreInfo bare = VmcoreInfo.parse("OSRELEASE=6.1");
    for (Architecture each :
        List.of(Riscv64.INSTANCE, Arm.INSTANCE, Arm64.INSTANCE, I386.INSTANCE)) {
      assertThat(each.linearMaps(bare, 0)).isEmpty();
    }
  }

  @Test
  void nonsenseIsNotMapped() {
    String[] lines = {
      "NUMBER(KERNEL_LINK_ADDR)=0x1000",
      "NUMBER(va_kernel_pa_offset)=-1",
      "NUMBER(PAGE_OFFSET)=0xffffffffffffffff",
      "NUMBER(phys_ram_base)=0xffffffffffffffff",
      "NUMBER(VMALLOC_START)=1",
      "NUMBER(MAX_PHYSMEM_BITS)=9223372036854775807",
      "IDENTITYBASE=ffffffffffffffff",
      "KERNELOFFPHYS=ffffffffffffffff",
      "SAMODE31=x",
      "KERNELOFFSET=ffffffffffff0000",
      "SYMBOL(_stext)=ffffffffffffffff"
    };
    VmcoreInfo info = VmcoreInfo.parse(String.join("\n", lines));
    for (Architecture each : Architectures.ALL) {
      for (LinearMap map : each.linearMaps(info, -1)) {
        assertThat(Long.compareUnsigned(map.vaddr() + map.size() - 1, map.vaddr()))
            .as("%s %s wraps", each, map)
            .isNotNegative();
      }
    }
  }
}
