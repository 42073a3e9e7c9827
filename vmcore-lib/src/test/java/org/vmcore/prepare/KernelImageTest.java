package org.vmcore.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Arm64;
import org.vmcore.arch.PreparedArchitecture;
import org.vmcore.arch.X86_64;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.VmcoreException;
import org.vmcore.search.Headers;

/** The images of real kernels, by what they tell of themselves. */
class KernelImageTest {
  private static final VmcoreInfo X86 =
      VmcoreInfo.parse(
          """
          SYMBOL(_stext)=ffffffff86200000
          NUMBER(phys_base)=27262976
          NUMBER(pgtable_l5_enabled)=0
          """);
  private static final VmcoreInfo ARM64 =
      VmcoreInfo.parse(
          """
          SYMBOL(_stext)=ffffc5cb5b610000
          NUMBER(kimage_voffset)=0xffffc5cb1b400000
          """);
  private static final VmcoreInfo NONE = VmcoreInfo.parse("OSRELEASE=6.1.0\n");

  @Test
  void x86IsWhereThePhysicalBaseTells() {
    assertThat(Architectures.of(X86)).contains(X86_64.INSTANCE);
    assertThat(X86_64.INSTANCE.imageVaddr(X86)).hasValue(0xffff_ffff_8620_0000L);
    assertThat(X86_64.INSTANCE.imagePaddr(X86, 0xffff_ffff_8620_0000L)).hasValue(0x7c0_0000);
  }

  @Test
  void arm64BeginsBelowStext() {
    assertThat(Architectures.of(ARM64)).contains(Arm64.INSTANCE);
    assertThat(Arm64.INSTANCE.imageVaddr(ARM64)).hasValue(0xffff_c5cb_5b60_0000L);
    assertThat(Arm64.INSTANCE.imagePaddr(ARM64, 0xffff_c5cb_5b60_0000L)).hasValue(0x4020_0000);
  }

  @Test
  void nothingIsGuessed() {
    assertThat(Architectures.of(NONE)).isEmpty();
    for (PreparedArchitecture each : Architectures.PREPARED) {
      assertThat(each.imageVaddr(NONE)).isEmpty();
      assertThat(each.imagePaddr(NONE, 0)).isEmpty();
    }
  }

  @Test
  void iomemListsItsEnd() throws Exception {
    assertThat(size("x86-61-s", 0x7c0_0000)).isEqualTo(0x280_0000);
    assertThat(size("arm-61-c", 0x4020_0000)).isEqualTo(0x1ab_0000);
    assertThat(Iomem.parse("iomem", "0-fff : System RAM\n").kernelImageSize(0)).isEmpty();
  }

  private static long size(String dump, long paddr) throws IOException, VmcoreException {
    Iomem iomem = Iomem.parse(dump, Headers.resource(dump + ".proc_iomem"));
    return iomem.kernelImageSize(paddr).orElseThrow();
  }

  @Test
  void directMapWithoutKaslr() {
    assertThat(X86_64.INSTANCE.directMap(X86).orElseThrow().vaddr(0))
        .isEqualTo(0xffff_8880_0000_0000L);
    VmcoreInfo fiveLevels = VmcoreInfo.parse("NUMBER(pgtable_l5_enabled)=1\n");
    assertThat(X86_64.INSTANCE.directMap(fiveLevels).orElseThrow().vaddr(0))
        .isEqualTo(0xff11_0000_0000_0000L);
  }
}
