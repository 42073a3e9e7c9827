package org.vmcore.convert.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.open.OpenOptions;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.StructPagesKernel;
import org.vmcore.testing.StructPagesKernel.Generation;

class KnownPagesTest {
  @TempDir Path folder;

  private KnownPages known(StructPagesKernel kernel, BtfBuilder types) throws IOException {
    Path btf = Files.write(folder.resolve("btf"), types.build());
    try (Vmcore vmcore = Vmcore.open(kernel.dump().writeTo(folder.resolve("vmcore")))) {
      return KnownPages.of(vmcore, Kernel.of(vmcore, Optional.empty(), Optional.of(btf)), true);
    }
  }

  @Test
  void whatVmcoreinfoLacksTypesTell() throws IOException {
    BtfBuilder types = new BtfBuilder();
    int word = types.unsigned("unsigned long", 8);
    types.struct("page", 64).member("flags", word, 0).member("mapping", word, 32).end();
    types.enumeration("pageflags", false).value("PG_lru", 5).value("PG_head", 6).end();
    types.enumeration("pagetype", false).value("PGTY_buddy", 0xf0).value("PGTY_slab", 0xf5).end();
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V6_12)
            .withoutInfo("NUMBER(PG_lru)")
            .withoutInfo("NUMBER(PG_head_mask)")
            .withoutInfo("OFFSET(page.mapping)")
            .withoutInfo("NUMBER(PAGE_BUDDY")
            .withoutInfo("NUMBER(PAGE_SLAB");

    KnownPages known = known(kernel, types);

    PageLayout layout = known.layout().orElseThrow();
    assertThat(known.levels()).isEqualTo(31);
    assertThat(known.reason()).isEmpty();
    assertThat(layout.mapping()).isEqualTo(32);
    assertThat(layout.lruMask()).isEqualTo(1 << 5);
    assertThat(layout.headMask()).isEqualTo(1 << 6);
    assertThat(layout.types().buddy()).hasValue(0xf000_0000);
    assertThat(layout.types().slab()).hasValue(0xf500_0000);
  }

  @Test
  void framesOfAnotherSizeHaveNoStructPages() throws IOException {
    Path dump = new StructPagesKernel(Generation.V6_12).dump().writeTo(folder.resolve("vmcore"));
    OpenOptions options = OpenOptions.builder().pageSize(0x1_0000).build();

    try (Vmcore vmcore = Vmcore.open(dump, options)) {
      KnownPages known = KnownPages.of(vmcore, Kernel.of(vmcore), true);

      assertThat(known.levels()).isEqualTo(1);
      assertThat(known.layout()).isEmpty();
      assertThat(known.reason()).isEqualTo("struct pages are of 4 KiB, the dump's pages of 64 KiB");
    }
  }

  @Test
  void typesOf6_10AreBitsThatAreCleared() throws IOException {
    BtfBuilder types = new BtfBuilder();
    types.enumeration("pagetype", false).value("PG_slab", 0x1000).value("PG_buddy", 0x80).end();
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V6_10)
            .withoutInfo("NUMBER(PAGE_BUDDY")
            .withoutInfo("NUMBER(PAGE_SLAB");

    PageLayout layout = known(kernel, types).layout().orElseThrow();

    assertThat(layout.types().slab()).hasValue(-4097);
    assertThat(layout.types().buddy()).hasValue(-129);
  }

  @Test
  void slabIsAFlagWhereItIsOneOfThese() throws IOException {
    BtfBuilder types = new BtfBuilder();
    types.enumeration("pageflags", false).value("PG_slab", 11).end();
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V5_4).withoutInfo("NUMBER(PG_slab)");

    PageLayout layout = known(kernel, types).layout().orElseThrow();

    assertThat(layout.types().slab()).isEmpty();
    assertThat(layout.slabMask()).isEqualTo(1 << 11);
  }
}
