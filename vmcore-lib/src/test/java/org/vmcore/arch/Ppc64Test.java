package org.vmcore.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vmcore.arch.paging.Paging;
import org.vmcore.elf.VmcoreInfo;

class Ppc64Test {
  private static final Architecture PPC64 = Ppc64.INSTANCE;

  private static List<Long> pages(String info) {
    return PPC64.layouts(Optional.of(VmcoreInfo.parse(info)), ByteOrder.LITTLE_ENDIAN).stream()
        .map(Paging::pageSize)
        .toList();
  }

  @Test
  void pagesOfTheKernelAreTriedFirst() {
    assertThat(pages("PAGESIZE=4096\nNUMBER(RADIX_MMU)=1\n")).containsExactly(4096L, 65536L);
    assertThat(pages("PAGESIZE=65536\n")).containsExactly(65536L, 4096L);
  }

  @Test
  void hashTablesAreRefusedByName() {
    String hash = "PAGESIZE=65536\nNUMBER(RADIX_MMU)=0\n";
    assertThat(pages(hash)).isEmpty();
    assertThat(PPC64.withoutTables(Optional.of(VmcoreInfo.parse(hash))))
        .isEqualTo("it has hash page tables (VMCOREINFO's NUMBER(RADIX_MMU)), which can't be read");
    assertThat(PPC64.withoutTables(Optional.empty())).contains("may have hash page tables");
    assertThat(PPC64.withoutTables(Optional.of(VmcoreInfo.parse("NUMBER(RADIX_MMU)=1\n"))))
        .isEmpty();
  }
}
