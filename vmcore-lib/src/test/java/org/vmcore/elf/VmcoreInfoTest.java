package org.vmcore.elf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The typed view of VMCOREINFO. */
class VmcoreInfoTest {
  private static VmcoreInfo of(String... lines) {
    return VmcoreInfo.parse(String.join("\n", lines) + "\n");
  }

  @Test
  void textsAreAsTheyAre() {
    VmcoreInfo info = of("OSRELEASE=6.1.0-18-amd64", "BUILD-ID=a1b2", "A=b=c", "EMPTY=");
    assertThat(info.osRelease()).hasValue("6.1.0-18-amd64");
    assertThat(info.get("BUILD-ID")).hasValue("a1b2");
    assertThat(info.get("A")).hasValue("b=c");
    assertThat(info.get("EMPTY")).hasValue("");
    assertThat(info.get("NOT_THERE")).isEmpty();
  }

  @Test
  void symbolsAreHexadecimal() {
    VmcoreInfo info = of("SYMBOL(_stext)=ffffffff81000000", "SYMBOL(low)=0x10", "SYMBOL(bad)=xyz");
    assertThat(info.symbol("_stext")).hasValue(0xffff_ffff_8100_0000L);
    assertThat(info.symbol("low")).hasValue(16);
    assertThat(info.symbol("bad")).isEmpty();
    assertThat(info.symbol("_etext")).isEmpty();
  }

  @Test
  void sizesOffsetsAndLengthsAreDecimal() {
    VmcoreInfo info = of("SIZE(page)=64", "OFFSET(list_head.next)=8", "LENGTH(zone.free_area)=11");
    assertThat(info.size("page")).hasValue(64);
    assertThat(info.offset("list_head.next")).hasValue(8);
    assertThat(info.length("zone.free_area")).hasValue(11);
    assertThat(info.size("list_head")).isEmpty();
    assertThat(info.length("page")).isEmpty();
  }

  @Test
  void numbersAreSignedDecimalOrHexadecimal() {
    VmcoreInfo info =
        of(
            "NUMBER(PG_lru)=5",
            "NUMBER(phys_base)=-2097152",
            "NUMBER(PHYS_OFFSET)=0xffffffff40000000",
            "NUMBER(VA_BITS)=48",
            "NUMBER(bad)=12z",
            "NUMBER(huge)=99999999999999999999");
    assertThat(info.number("PG_lru")).hasValue(5);
    assertThat(info.number("phys_base")).hasValue(-2_097_152);
    assertThat(info.number("PHYS_OFFSET")).hasValue(0xffff_ffff_4000_0000L);
    assertThat(info.number("VA_BITS")).hasValue(48);
    assertThat(info.number("bad")).isEmpty();
    assertThat(info.number("huge")).isEmpty();
    assertThat(info.number("none")).isEmpty();
  }

  @Test
  void configurationsAreYesOrNot() {
    VmcoreInfo info = of("CONFIG_PGTABLE_LEVELS=5", "CONFIG_KALLSYMS=y");
    assertThat(info.config("KALLSYMS")).isTrue();
    assertThat(info.config("PGTABLE_LEVELS")).isFalse();
    assertThat(info.config("X86_PAE")).isFalse();
  }

  @Test
  void whatTheKernelSaysOfItself() {
    VmcoreInfo info = of("PAGESIZE=65536", "CRASHTIME=1700000000", "KERNELOFFSET=1a000000");
    assertThat(info.pageSize()).hasValue(65536);
    assertThat(info.crashTime()).hasValue(1_700_000_000L);
    assertThat(info.kernelOffset()).hasValue(0x1a00_0000L);
  }

  @Test
  void theFirstOfAKeyCounts() {
    VmcoreInfo info = of("A=1", "A=2");
    assertThat(info.get("A")).hasValue("1");
    assertThat(info.values()).hasSize(1);
  }

  @Test
  void valuesKeepTheTextsOrder() {
    assertThat(of("Z=1", "A=2", "M=3").values().keySet()).containsExactly("Z", "A", "M");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "\n\n\n", "no equals sign", "\n=\n", "\0\0\0\0", "=", "A"})
  void malformedTextHoldsNothingUseful(String text) {
    VmcoreInfo info = VmcoreInfo.parse(text);
    assertThat(info.osRelease()).isEmpty();
    assertThat(info.pageSize()).isEmpty();
    assertThat(info.text()).isEqualTo(text);
  }

  @Test
  void theLastLineMayLackItsEnd() {
    assertThat(VmcoreInfo.parse("A=1\nB=2").get("B")).hasValue("2");
  }
}
