package org.vmcore.convert.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.vmcore.testing.StructPagesKernel.FIRST;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.PageTables;
import org.vmcore.testing.StructPagesKernel;
import org.vmcore.testing.StructPagesKernel.Generation;

class PageFilterTest {
  @TempDir Path folder;

  private FilterCase filter(StructPagesKernel kernel, int level) throws IOException {
    return FilterCase.of(folder, kernel, level);
  }

  /** One page of each kind, and the compound pages that there may be. */
  private static StructPagesKernel ofAll(Generation generation) {
    return new StructPagesKernel(generation)
        .cache(FIRST + 1)
        .cache(FIRST + 3)
        .flags(FIRST + 3, 13)
        .anonymous(FIRST + 5)
        .slab(FIRST + 7)
        .free(FIRST + 8, 3)
        .offline(FIRST + 20)
        .cache(FIRST + 32)
        .compound(FIRST + 32, 4)
        .anonymous(FIRST + 512)
        .compound(FIRST + 512, 9)
        .hugetlb(FIRST + 1024, 10)
        .compound(FIRST + 2048, 2)
        .free(FIRST + 3000, 0);
  }

  @ParameterizedTest
  @EnumSource
  void freePagesGoByTheirOrder(Generation generation) throws IOException {
    assertThat(filter(ofAll(generation), 16).left()).containsExactly("8-16", "20", "3000");
  }

  @ParameterizedTest
  @EnumSource
  void cacheGoesUnlessItIsPrivate(Generation generation) throws IOException {
    assertThat(filter(ofAll(generation), 2).left()).containsExactly("1", "20", "32-48");
  }

  @ParameterizedTest
  @EnumSource
  void privateCacheGoesWithTheOther(Generation generation) throws IOException {
    FilterCase of4 = filter(ofAll(generation), 4);

    assertThat(of4.left()).containsExactly("1", "3", "20", "32-48");
    assertThat(of4.tally().of(PageKind.CACHE)).isEqualTo(17);
    assertThat(of4.tally().of(PageKind.PRIVATE_CACHE)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void userPagesAreAnonymousOrHugetlb(Generation generation) throws IOException {
    FilterCase of8 = filter(ofAll(generation), 8);

    assertThat(of8.left()).containsExactly("5", "20", "512-2048");
    assertThat(of8.tally().of(PageKind.USER)).isEqualTo(1 + 512 + 1024);
  }

  @ParameterizedTest
  @EnumSource
  void all(Generation generation) throws IOException {
    FilterCase all = filter(ofAll(generation), 31);

    assertThat(all.left())
        .containsExactly("1", "3", "5", "8-16", "20", "32-48", "512-2048", "3000");
    assertThat(all.tally().total()).isEqualTo(1 + 1 + 1 + 8 + 1 + 16 + 1536 + 1);
    assertThat(all.tally().of(PageKind.OFFLINE)).isEqualTo(1);
    assertThat(all.findings())
        .containsExactly(
            Finding.info(
                "struct_pages",
                "512 pages are kept, for their struct pages can't be read: 512 of no section"));
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 16384, 65536})
  void arm64(int pageSize) throws IOException {
    StructPagesKernel kernel = ofAll(Generation.V6_12).arm64(pageSize);

    assertThat(filter(kernel, 31).left())
        .containsExactly("1", "3", "5", "8-16", "20", "32-48", "512-2048", "3000");
  }

  @ParameterizedTest
  @CsvSource({"0,40", "1,40-42", "2,40-44", "3,40-48"})
  void compoundPageOfEachOrder(int order, String left) throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V5_4).cache(FIRST + 40).compound(FIRST + 40, order);

    assertThat(filter(kernel, 2).left()).containsExactly(left);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 19, 64, 255})
  void misalignedOrTooLargeAnOrderIsNone(int order) throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V5_4)
            .cache(FIRST + 40)
            .flags(FIRST + 40, 16)
            .order(FIRST + 40, order);

    assertThat(filter(kernel, 2).left()).containsExactly("40");
  }

  @Test
  void lastPageOf512IsNoHead() throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V5_4)
            .cache(FIRST + 511)
            .flags(FIRST + 511, 16)
            .hugetlb(FIRST + 1023, 0);

    assertThat(filter(kernel, 10).left()).containsExactly("511");
  }

  @Test
  void tailsWithoutAHeadStay() throws IOException {
    StructPagesKernel kernel = new StructPagesKernel(Generation.V6_12).compound(FIRST, 3);
    for (int i = 1; i < 8; i++) {
      kernel.anonymous(FIRST + i).cache(FIRST + i);
    }

    assertThat(filter(kernel, 31).left()).isEmpty();
  }

  @Test
  void whatAFreeBlockTakesWithItIsNotLookedAt() throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V5_4).free(FIRST, 2).free(FIRST + 1, 3).cache(FIRST + 2);

    assertThat(filter(kernel, 16).left()).containsExactly("0-4");
    assertThat(filter(kernel, 2).left()).containsExactly("2");
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 64, -1})
  void freePagesOfAnOrderThereIsNotStay(long order) throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V6_12).free(FIRST + 2, order).free(FIRST + 4, 0);

    assertThat(filter(kernel, 16).left()).containsExactly("4");
  }

  @Test
  void pagesInTheSwapCacheAreCache() throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V6_6).flags(FIRST, 10).flags(FIRST + 2, 10, 19);

    assertThat(filter(kernel, 2).left()).containsExactly("2");
  }

  @Test
  void typedPagesAreNeitherCacheNorAnonymous() throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V6_12)
            .anonymous(FIRST)
            .mapcount(FIRST, 0xf200_0000)
            .cache(FIRST + 1)
            .mapcount(FIRST + 1, 0xf200_0000);

    assertThat(filter(kernel, 31).left()).isEmpty();
  }

  @Test
  void lowBytesOfATypeInTheTopByteAreItsOwners() throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V6_12).slab(FIRST).mapcount(FIRST, 0xf500_1234);

    assertThat(filter(kernel, 31).left()).isEmpty();
  }

  @Test
  void unacceptedMemoryIsFree() throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V6_16).unaccepted(FIRST + 1024).unaccepted(FIRST + 3);

    FilterCase of16 = filter(kernel, 16);
    assertThat(of16.left()).containsExactly("3", "1024-2048");
    assertThat(of16.tally().of(PageKind.FREE)).isEqualTo(1025);
    assertThat(filter(kernel, 15).left()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 31})
  void brokenAndOfflinePagesGoAtEachLevel(int level) throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V5_4)
            .info("NUMBER(PG_hwpoison)=22")
            .flags(FIRST + 2, 22)
            .offline(FIRST + 4);

    FilterCase all = filter(kernel, level);
    assertThat(all.left()).containsExactly("2", "4");
    assertThat(all.tally().of(PageKind.HWPOISON)).isEqualTo(1);
  }

  @Test
  void withoutBrokenPagesNothingGoesAtLevels0And1() throws IOException {
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V5_4).flags(FIRST + 2, 22).offline(FIRST + 4);

    assertThat(filter(kernel, 1).left()).isEmpty();
    assertThat(filter(kernel, 2).left()).containsExactly("4");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NUMBER(PG_lru)|31|NUMBER(PG_lru) is|0, 1, 8, 9, 16, 17, 24 and 25",
        "NUMBER(PG_slab)|2|NUMBER(PG_slab) is|0, 1, 16 and 17",
        "OFFSET(page.mapping)|8|OFFSET(page.mapping) is|0, 1, 16 and 17",
        "NUMBER(PAGE_BUDDY|16|NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE) is"
            + "|0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 and 15",
        "OFFSET(page.flags)|16|OFFSET(page.flags) is|0 and 1",
        "SYMBOL(mem_section)|16|SYMBOL(mem_section) is|0 and 1",
        "SIZE(mem_section)|31|SIZE(mem_section) and OFFSET(mem_section.section_mem_map) are|0 and 1"
      })
  void missingKeyNamesThePossibleLevels(String key, int level, String is, String levels) {
    StructPagesKernel kernel = new StructPagesKernel(Generation.V5_4).withoutInfo(key);
    if (key.startsWith("SIZE(mem")) {
      kernel.withoutInfo("OFFSET(mem");
    }

    assertThatThrownBy(() -> filter(kernel, level))
        .hasMessageEndingWith(
            ": " + is + " missing: pages can be left out at levels " + levels + " only");
  }

  @Test
  void withoutVmcoreinfoLevel1LeavesNothingOut() throws IOException {
    Path dump = DumpBuilder.elf64().load(0x1000, 0x4000).writeTo(folder.resolve("bare"));

    assertThat(FilterCase.of(dump, 1).left()).isEmpty();
    assertThatThrownBy(() -> FilterCase.of(dump, 31)).hasMessageContaining("levels 0 and 1 only");
  }

  @Test
  void pagesOfLostStructPagesStay() throws IOException {
    StructPagesKernel kernel = ofAll(Generation.V5_4).lostFrom(FIRST + 1000);

    FilterCase all = filter(kernel, 31);
    assertThat(all.left()).containsExactly("1", "3", "5", "8-16", "20", "32-48", "512-1024");
    assertThat(all.findings()).hasSize(1);
    Finding lost = all.findings().getFirst();
    assertThat(lost.severity()).isEqualTo(Finding.Severity.ERROR);
    assertThat(lost.message()).contains("3096 lost").endsWith("the first at 0xffffffff8110fa00");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void lostStructPagesArentToldOfWhereAllIsKeptAnyhow(int level) throws IOException {
    StructPagesKernel kernel =
        ofAll(Generation.V5_4).info("NUMBER(PG_hwpoison)=22").lostFrom(FIRST + 1000);

    FilterCase all = filter(kernel, level);
    assertThat(all.left()).containsExactly("20");
    assertThat(all.findings()).isEmpty();
  }

  @Test
  void absentSectionsKeepTheirPages() throws IOException {
    StructPagesKernel kernel = ofAll(Generation.V5_4).u64(StructPagesKernel.SECTIONS + 16 * 16, 0);

    FilterCase all = filter(kernel, 31);
    assertThat(all.left()).containsExactly("1024-2048", "3000");
    assertThat(all.findings())
        .extracting(Finding::message)
        .anyMatch(m -> m.contains("1536 of no section"));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 1, StructPagesKernel.ROOTS, 0x7fff_ffff_ffff_fff8L})
  void hostileSections(long root) throws IOException {
    StructPagesKernel kernel = ofAll(Generation.V5_4).u64(StructPagesKernel.ROOTS, root);

    assertThat(filter(kernel, 31).left()).isEmpty();
  }

  @Test
  void hostileNumbers() throws IOException {
    for (String bent :
        List.of(
            "LENGTH(mem_section)=-1",
            "NUMBER(SECTION_SIZE_BITS)=-5",
            "NUMBER(MAX_PHYSMEM_BITS)=9999999999",
            "LENGTH(zone.free_area)=-9")) {
      StructPagesKernel kernel = ofAll(Generation.V5_4);
      kernel.withoutInfo(bent.substring(0, bent.indexOf('='))).info(bent);

      assertThat(filter(kernel, 8).left()).isNotNull();
    }
  }

  @Test
  void structPagesThemselvesStay() throws IOException {
    StructPagesKernel kernel = new StructPagesKernel(Generation.V5_4);
    long map = (StructPagesKernel.PADDR + 0x10_0000) >> 12;
    for (int i = 0; i < 16; i++) {
      kernel.u64(StructPagesKernel.SECTIONS + 16L * i, (StructPagesKernel.MAP - map * 64) | 3);
    }
    kernel.cache(FIRST + 7);

    FilterCase all = filter(kernel, 2);
    assertThat(all.findings())
        .extracting(Finding::message)
        .anyMatch(
            m -> m.startsWith("1 page of struct pages is kept against what struct pages say"));
  }

  @Test
  void pagesOfTheKernelsImageStay() throws IOException {
    long first = StructPagesKernel.PADDR >> 12;
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V6_6)
            .info("SYMBOL(_stext)=" + Long.toHexString(StructPagesKernel.BASE + 0x4000))
            .cache(FIRST + 3)
            .cache(FIRST + 4)
            .free(FIRST + 6, 1);
    kernel.u64(
        StructPagesKernel.SECTIONS + 16 * (first >> 10), (StructPagesKernel.MAP - first * 64) | 3);

    FilterCase all = filter(kernel, 31);
    assertThat(all.left()).containsExactly("-12285", "3-5", "6-8");
    assertThat(all.findings())
        .containsExactly(
            Finding.info(
                "essential_memory",
                "3 pages of the kernel's image are kept against what struct pages say: the first,"
                    + " at 0x1004000, as cache"));
  }

  @Test
  @Timeout(10)
  void onePageFarBehindTheOthersCostsLittle() throws IOException {
    Path dump =
        ofAll(Generation.V6_12).dump().load(1L << 42, 4096).writeTo(folder.resolve("vmcore"));

    assertThat(FilterCase.of(dump, 16).left()).containsExactly("8-16", "20", "3000");
  }

  @Test
  void lostSectionsAreToldApartFromThoseThatArentThere() throws IOException {
    long behind = StructPagesKernel.BASE + (2 << 20);
    StructPagesKernel lost = ofAll(Generation.V5_4).u64(StructPagesKernel.ROOTS, behind);

    FilterCase all = filter(lost, 31);
    assertThat(all.left()).isEmpty();
    assertThat(all.findings())
        .extracting(Finding::severity, Finding::message)
        .containsExactly(
            tuple(
                Finding.Severity.WARNING,
                "4608 pages are kept, for their struct pages can't be read: 4608 of a mem_section"
                    + " that is not mapped, the first at 0xffffffff81200040"));
  }

  @Test
  void otherArchitecturesStructPagesArentRead() throws IOException {
    Path dump = ofAll(Generation.V5_4).dump().machine(8).writeTo(folder.resolve("mips"));

    assertThat(FilterCase.of(dump, 1).left()).isEmpty();
    assertThatThrownBy(() -> FilterCase.of(dump, 2))
        .hasMessageEndingWith(
            ": struct pages of this architecture aren't read: pages can be left out at levels 0 and"
                + " 1 only");
  }

  @Test
  void whatCantBeFoundIsntProtected() throws IOException {
    StructPagesKernel kernel = ofAll(Generation.V6_12);

    assertThat(filter(kernel, 1).unprotected()).isEmpty();
    assertThat(filter(kernel, 16).unprotected())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.severity()).isEqualTo(Finding.Severity.WARNING);
              assertThat(it.message())
                  .startsWith("not protected: the kernel's image can't be found: no symbol _stext;")
                  .contains("the log can't be found: VMCOREINFO doesn't tell of")
                  .doesNotContain("struct pages");
            });
  }

  @Test
  void theTableThatLeadsToStructPagesStays() throws IOException {
    long first = StructPagesKernel.PADDR >> 12;
    StructPagesKernel kernel =
        new StructPagesKernel(Generation.V5_4)
            .u64(
                StructPagesKernel.SECTIONS + 16 * (first >> 10),
                (StructPagesKernel.MAP - first * 64) | 3)
            .free(FIRST, 3);

    FilterCase all = filter(kernel, 16);
    assertThat(all.left()).containsExactly("-12288", "-12285--12280", "0-8");
    assertThat(all.findings())
        .containsExactly(
            Finding.info(
                "essential_memory",
                "2 pages of struct pages are kept against what struct pages say: the first, at"
                    + " 0x1001000, as free"));
  }

  @Test
  void arm64OfFiveLevelsIsReadByItsPageTables() throws IOException {
    long image = 0xffff_8000_8100_0000L;
    PageTables tables = PageTables.arm64(52, 48, 39, 30, 21, 12);
    tables.map(StructPagesKernel.BASE, StructPagesKernel.PADDR, 21);
    for (long at = 0; at < 0x2_0000; at += 0x1000) {
      tables.map(image + at, at, 12);
    }
    byte[] bytes = new byte[1 << 20];
    tables.memory().read(0, MemorySegment.ofArray(bytes));
    StructPagesKernel kernel =
        ofAll(Generation.V6_12)
            .arm64(4096)
            .info(
                "NUMBER(kimage_voffset)=0x" + Long.toHexString(image),
                "SYMBOL(_stext)=" + Long.toHexString(image),
                "SYMBOL(swapper_pg_dir)=" + Long.toHexString(image + tables.root()),
                "NUMBER(VA_BITS)=52",
                "NUMBER(TCR_EL1_T1SZ)=0xc");
    Path dump = kernel.dump().vaddr(0).load(0, bytes).writeTo(folder.resolve("vmcore"));

    FilterCase all = FilterCase.of(dump, 31);
    assertThat(all.left())
        .containsExactly("1", "3", "5", "8-16", "20", "32-48", "512-2048", "3000");
    assertThat(all.unprotected())
        .singleElement()
        .extracting(Finding::message)
        .asString()
        .doesNotContain("page tables");
  }

  /** Struct pages for one are kept by a format that leaves zeros out, too. */
  @Test
  void essentialPagesOfZerosAreSpared() throws IOException {
    StructPagesKernel kernel = new StructPagesKernel(Generation.V5_4);
    Path file = kernel.dump().writeTo(folder.resolve("vmcore"));
    long map = (StructPagesKernel.PADDR + StructPagesKernel.MAP - StructPagesKernel.BASE) >> 12;
    try (Vmcore vmcore = Vmcore.open(file);
        PfnBitmap kept = FilterCase.present(vmcore);
        PfnBitmap zeros = FilterCase.present(vmcore)) {
      PageFilter filter = PageFilter.of(vmcore, Kernel.of(vmcore), new DumpLevel(31), 1);
      filter.of(new DumpLevel(1)).spare(kept, zeros);

      assertThat(zeros.count()).isPositive().isLessThan(kept.count());
      assertThat(zeros.get(map)).isFalse();
    }
  }
}
