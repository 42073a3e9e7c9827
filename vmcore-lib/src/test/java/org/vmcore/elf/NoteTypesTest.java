package org.vmcore.elf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoteTypesTest {
  @ParameterizedTest
  @CsvSource({
    "0x100, NT_PPC_VMX",
    "0x101, NT_PPC_SPE",
    "0x102, NT_PPC_VSX",
    "0x111, NT_PPC_DEXCR",
    "0x200, NT_386_TLS",
    "0x202, NT_X86_XSTATE",
    "0x204, NT_X86_SHSTK",
    "0x300, NT_S390_HIGH_GPRS",
    "0x304, NT_S390_CTRS",
    "0x305, NT_S390_PREFIX",
    "0x309, NT_S390_VXRS_LOW",
    "0x30e, NT_S390_PV_CPU_DATA",
    "0x400, NT_ARM_VFP",
    "0x405, NT_ARM_SVE",
    "0x406, NT_ARM_PAC_MASK",
    "0x40f, NT_ARM_POE",
    "0x410, NT_ARM_GCS",
    "0x600, NT_ARC_V2",
    "0x700, NT_VMCOREDD",
    "0x800, NT_MIPS_DSP",
    "0x900, NT_RISCV_CSR",
    "0x901, NT_RISCV_VECTOR",
    "0xa00, NT_LOONGARCH_CPUCFG",
    "0xa06, NT_LOONGARCH_HW_WATCH",
    "0x46e62b7f, NT_PRXFPREG",
  })
  void namesOfLinux(String type, String name) {
    assertThat(NoteTypes.name("LINUX", Integer.decode(type))).isEqualTo(name);
  }

  @Test
  void numbersWithoutName() {
    assertThat(NoteTypes.name("LINUX", 0x113)).isEqualTo("0x113");
    assertThat(NoteTypes.name("LINUX", 0x701)).isEqualTo("0x701");
    assertThat(NoteTypes.name("LINUX", -1)).isEqualTo("0xffffffff");
    assertThat(NoteTypes.name("GNU", 0x100)).isEqualTo("0x100");
  }

  @Test
  void namesOfOthers() {
    assertThat(NoteTypes.name("CORE", 1)).isEqualTo("NT_PRSTATUS");
    assertThat(NoteTypes.name("CORE", 0x46494c45)).isEqualTo("NT_FILE");
    assertThat(NoteTypes.name("ERASEINFO", 0)).isEqualTo("ERASEINFO");
  }
}
