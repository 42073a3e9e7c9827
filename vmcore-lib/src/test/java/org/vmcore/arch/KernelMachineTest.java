package org.vmcore.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.VmcoreInfo;

class KernelMachineTest {
  private static KernelMachine decide(String said, boolean isBig, int prStatus, String... lines) {
    Machine container = Machine.named(said).orElse(Machine.of(Machine.NONE, 64));
    ByteOrder order = isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    OptionalLong size = prStatus == 0 ? OptionalLong.empty() : OptionalLong.of(prStatus);
    Optional<VmcoreInfo> info =
        lines.length == 0
            ? Optional.empty()
            : Optional.of(VmcoreInfo.parse(String.join("\n", lines)));
    return KernelMachine.of(container, order, size, info);
  }

  @ParameterizedTest
  @CsvSource({
    "NUMBER(phys_base)=16777216, ffffffff81000000, x86_64, 64",
    "SYMBOL(init_top_pgt)=ffffffff82a10000, ffffffff81000000, x86_64, 64",
    "SYMBOL(init_level4_pgt)=ffffffff82a10000, ffffffff81000000, x86_64, 64",
    "NUMBER(kimage_voffset)=0xffff800000000000, ffff800008010000, arm64, 64",
    "CONFIG_X86_PAE=y, c1000000, i386, 32",
    "CONFIG_ARM_LPAE=y, c0200000, arm, 32",
    "NUMBER(RADIX_MMU)=1, c000000000000000, ppc64, 64",
    "SYMBOL(vmemmap_list)=c00000000276b9a8, c000000000000000, ppc64, 64",
    "NUMBER(phys_ram_base)=2147483648, ffffffff80002000, riscv64, 64",
    "NUMBER(phys_ram_base)=2147483648, c0002000, riscv32, 32",
    "NUMBER(va_kernel_pa_offset)=0xfffffffeffe00000, ffffffff80002000, riscv64, 64",
    "SYMBOL(lowcore_ptr)=a5c3b8, 100000, s390x, 64",
    "SAMODE31=1000, 3ffe0000000, s390x, 64",
  })
  void vmcoreinfoIsBelievedWhateverTheHeaderSays(
      String line, String stext, String label, int bits) {
    for (String said : List.of("", "x86_64", "aarch64", "armv7l", "ppc", "mips64")) {
      Machine machine = decide(said, false, 0, line, "SYMBOL(_stext)=" + stext).machine();
      assertThat(machine.label()).isEqualTo(label);
      assertThat(machine.bits()).isEqualTo(bits);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SYMBOL(_stext)=ffffffff81000000, 64",
    "SYMBOL(_stext)=c1000000, 32",
    "SYMBOL(_stext)=00000000c1000000, 32",
    "SIZE(list_head)=16, 64",
    "SIZE(list_head)=8, 32",
    "SIZE(atomic_long_t)=4, 32",
    "OFFSET(list_head.prev)=8, 64",
  })
  void wordsOfAnUnknownMachine(String line, int bits) {
    assertThat(decide("mips64", true, 0, line).machine().bits()).isEqualTo(bits);
    assertThat(decide("mips", true, 0, line).machine().bits()).isEqualTo(bits);
  }

  @Test
  void lowAddressesOfS390xAreNoShortWords() {
    String[] lines = {"SYMBOL(_stext)=6f5c0000", "SIZE(list_head)=16"};
    assertThat(decide("s390x", true, 336, lines).machine().label()).isEqualTo("s390x");
    assertThat(decide("s390x", true, 336, "SYMBOL(_stext)=100000").machine().bits()).isEqualTo(64);
    assertThat(decide("s390", true, 0, "SYMBOL(_stext)=100000").machine().label())
        .isEqualTo("s390");
  }

  @ParameterizedTest
  @CsvSource({
    "144, false, c1000000, i386",
    "148, false, c0200000, arm",
    "268, true, c0000000, ppc",
    "204, false, c0000000, riscv32",
    "336, false, ffffffff81000000, x86_64",
    "336, true, 100000, s390x",
    "392, false, ffff800008010000, arm64",
    "376, false, ffffffff80002000, riscv64",
    "504, true, c000000000000000, ppc64",
  })
  void aCpusNoteTellsWhereVmcoreinfoDoesNot(int size, boolean isBig, String stext, String label) {
    KernelMachine kernel = decide("", isBig, size, "SYMBOL(_stext)=" + stext);
    assertThat(kernel.machine().label()).isEqualTo(label);
    assertThat(kernel.describe()).contains("NT_PRSTATUS of " + size + " bytes");
    assertThat(decide("", isBig, size).machine().label()).isEqualTo(label);
  }

  @Test
  void sizesThatSeveralMachinesHaveTellNothing() {
    assertThat(decide("", false, 480).machine().isKnown()).isFalse();
    assertThat(decide("loongarch64", false, 480).machine().label()).isEqualTo("loongarch64");
    assertThat(decide("sparc64", true, 336).machine().label()).isEqualTo("sparc64");
    assertThat(decide("ppc64", true, 336).machine().label()).isEqualTo("s390x");
  }

  @Test
  void kernelsOf32BitsOnCpusOf64() {
    String stext = "SYMBOL(_stext)=c0200000";
    assertThat(decide("x86_64", false, 336, stext).machine().label()).isEqualTo("i386");
    assertThat(decide("aarch64", false, 392, stext).machine().label()).isEqualTo("arm");
    assertThat(decide("ppc64", true, 504, stext).machine().label()).isEqualTo("ppc");
  }

  @Test
  void theHeaderIsBelievedLast() {
    assertThat(decide("loongarch64", false, 0).machine().label()).isEqualTo("loongarch64");
    assertThat(decide("loongarch64", false, 0, "OSRELEASE=6.1").describe())
        .isEqualTo("loongarch64 of 64 bits (the header)");
  }

  @Test
  void disagreementNamesBoth() {
    KernelMachine i386 = decide("", false, 144);
    assertThat(
            i386.disagreement(
                CrashHeaders.of(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN, 62, List.of()).header()))
        .hasValue(
            "the header says x86_64 of 64 bits, the kernel is taken for i386 of 32 bits"
                + " (NT_PRSTATUS of 144 bytes)");
    assertThat(
            i386.disagreement(
                CrashHeaders.of(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN, 3, List.of()).header()))
        .hasValue(
            "the headers have 64 bits, the kernel is taken for i386 of 32 bits"
                + " (NT_PRSTATUS of 144 bytes)");
    assertThat(
            i386.disagreement(
                CrashHeaders.of(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN, 3, List.of()).header()))
        .isEmpty();
    assertThat(
            i386.disagreement(
                CrashHeaders.of(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN, 0, List.of()).header()))
        .isEmpty();
  }
}
