package org.vmcore.kernel.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

class ModuleSymbolsTest {
  private static final long TEXT = BASE + 0x1000;
  private static final long HEAD = BASE + 0x5010;
  private static final long FIRST = BASE + 0x100000;
  private static final long SECOND = BASE + 0x120000;

  /** Where this kernel's struct module has the pointer to mod_kallsyms. */
  private static final int KALLSYMS = 0x1c8;

  private static final String NO_TABLES = "no page tables: VMCOREINFO tells of no root";

  @TempDir Path folder;

  /** A kernel with two modules. */
  private static KernelDump kernel(boolean namesTheList) {
    KallsymsBytes table =
        new KallsymsBytes(Scheme.PERCPU_SIGNED)
            .add(TEXT, 'T', "_stext")
            .add(TEXT + 0x40, 'D', "init_task");
    if (namesTheList) {
      table.add(HEAD, 'D', "modules");
    }
    table.add(BASE + 0x6000, 'D', "_edata");
    KernelDump dump = table.writeTo(new KernelDump().infoSymbol("_stext", TEXT));
    dump.u64(HEAD, FIRST + 8).u64(HEAD + 8, SECOND + 8);
    module(dump, FIRST, "virtio", SECOND + 8, HEAD);
    module(dump, SECOND, "fake_mod", HEAD, FIRST + 8);
    return dump;
  }

  private static void module(KernelDump dump, long at, String name, long next, long prev) {
    dump.u64(at + 8, next).u64(at + 16, prev).text(at + 24, name);
    long own = at + KALLSYMS + 8;
    dump.u64(at + KALLSYMS, own);
    dump.u64(own, at + 0x1000).u32(own + 8, 4).u64(own + 16, at + 0x2000);
    dump.u64(own + 24, at + 0x3000);
    dump.text(at + 0x2001, name + "_init").text(at + 0x2040, "$x").text(at + 0x2080, "undefined");
    symbol(dump, at + 0x1000 + 24, 1, 1, at + 0x4000, 0x80);
    symbol(dump, at + 0x1000 + 48, 0x40, 1, at + 0x4010, 0);
    symbol(dump, at + 0x1000 + 72, 0x80, 0, at + 0x4020, 0);
    dump.u8(at + 0x3001, 't').u8(at + 0x3002, 't').u8(at + 0x3003, 'U');
  }

  private static void symbol(
      KernelDump dump, long at, int name, int section, long value, long size) {
    dump.u32(at, name).u16(at + 6, section).u64(at + 8, value).u64(at + 16, size);
  }

  private static Symbol init(String module, long at) {
    return new Symbol(
        module + "_init", at + 0x4000, 't', OptionalLong.of(0x80), Optional.of(module));
  }

  /** What is asked of a kernel's symbols. */
  private interface Question<T> {
    T ask(Symbols symbols) throws VmcoreException;
  }

  private <T> T ask(KernelDump dump, Question<T> question) throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.dump().writeTo(folder.resolve("vmcore")))) {
      return question.ask(Kernel.of(vmcore).symbols());
    }
  }

  private List<Symbol> find(KernelDump dump, String pattern) throws Exception {
    return ask(dump, symbols -> symbols.find(pattern));
  }

  private Optional<Symbol> first(KernelDump dump, String name) throws Exception {
    return ask(dump, symbols -> symbols.first(name));
  }

  private Optional<Symbol> nearest(KernelDump dump, long address) throws Exception {
    return ask(dump, symbols -> symbols.nearest(address));
  }

  private List<String> gaps(KernelDump dump) throws Exception {
    return ask(
        dump,
        symbols -> {
          symbols.find("*");
          return symbols.gaps().stream().map(Finding::message).toList();
        });
  }

  @Test
  void theirOwnTablesAreFoundInStructModule() throws Exception {
    assertThat(find(kernel(true), "*_init"))
        .containsExactly(init("virtio", FIRST), init("fake_mod", SECOND));
    assertThat(first(kernel(true), "fake_mod_init")).contains(init("fake_mod", SECOND));
    assertThat(gaps(kernel(true))).isEmpty();
  }

  @Test
  void undefinedSymbolsAreNone() throws Exception {
    assertThat(find(kernel(true), "undefined")).isEmpty();
  }

  @Test
  void theListIsSearchedForWhereKallsymsHasNoData() throws Exception {
    assertThat(first(kernel(false), "virtio_init")).contains(init("virtio", FIRST));
  }

  @Test
  void anAddressBehindAMarkOfTheAssemblerIsTheFunctions() throws Exception {
    assertThat(nearest(kernel(true), FIRST + 0x4018)).contains(init("virtio", FIRST));
    assertThat(nearest(kernel(true), FIRST + 0x5000)).isEmpty();
    assertThat(nearest(kernel(true), TEXT)).map(Symbol::name).contains("_stext");
  }

  @Test
  void ofTwoAtOneAddressThatWithASizeIsNearest() throws Exception {
    KernelDump dump = kernel(true);
    dump.text(FIRST + 0x2040, "__stop_x");
    symbol(dump, FIRST + 0x1000 + 24, 0x40, 1, FIRST + 0x4000, 0);
    symbol(dump, FIRST + 0x1000 + 48, 1, 1, FIRST + 0x4000, 0x80);

    assertThat(nearest(dump, FIRST + 0x4000)).contains(init("virtio", FIRST));
  }

  @Test
  void beforeKernelsKeptTypesApartTheyWereInTheSymbol() throws Exception {
    KernelDump dump = kernel(true);
    dump.u8(FIRST + 0x1000 + 4, 'U').u8(FIRST + 0x1000 + 24 + 4, 'r');

    assertThat(first(dump, "virtio_init"))
        .contains(
            new Symbol(
                "virtio_init", FIRST + 0x4000, 'r', OptionalLong.of(0x80), Optional.of("virtio")));
  }

  @Test
  void forAWhileTheyWereInItsSize() throws Exception {
    KernelDump dump = kernel(true);
    dump.u64(FIRST + 0x1000 + 16, 'U').u64(FIRST + 0x1000 + 24 + 16, 'r');

    assertThat(first(dump, "virtio_init"))
        .contains(
            new Symbol(
                "virtio_init", FIRST + 0x4000, 'r', OptionalLong.empty(), Optional.of("virtio")));
  }

  @Test
  void aListThatRunsInACircleIsReadToWhereItDoesntLeadBack() throws Exception {
    KernelDump dump = kernel(true).u64(SECOND + 8, FIRST + 8);

    assertThat(gaps(dump))
        .containsExactly(
            "module.list at 0x%x: doesn't lead back: the list is damaged".formatted(FIRST + 8),
            NO_TABLES);
    assertThat(find(dump, "*_init")).hasSize(2);
  }

  @Test
  void aListThatLeadsNowhereIsToldOf() throws Exception {
    assertThat(gaps(kernel(true).u64(HEAD, 0xdead_0000_0000_0000L)))
        .containsExactly(
            "struct module at 0xdeacfffffffffff8: no page tables: VMCOREINFO tells of no root; and no PT_LOAD tells of it",
            NO_TABLES);
  }

  @Test
  void whatIsNoModuleEndsTheList() throws Exception {
    assertThat(gaps(kernel(true).text(SECOND + 24, "\u0001")))
        .containsExactly(
            "struct module at 0x%x: no module: the list is damaged".formatted(SECOND), NO_TABLES);
    assertThat(gaps(kernel(true).u32(FIRST, 17)))
        .containsExactly(
            "struct module at 0x%x: no module: the list is damaged".formatted(FIRST), NO_TABLES);
  }

  private static final int CORE = KALLSYMS + 8;

  @Test
  void aModuleWithoutATableIsToldOf() throws Exception {
    assertThat(gaps(kernel(true).u64(FIRST + CORE, 0)))
        .containsExactly("module virtio: its symbols aren't found");
    assertThat(gaps(kernel(true).u32(FIRST + CORE + 8, 0x7fff_ffff)))
        .containsExactly("module virtio: its symbols aren't found");
    assertThat(gaps(kernel(true).u64(FIRST + CORE + 16, -8)))
        .containsExactly("module virtio: its symbols aren't found");
    assertThat(gaps(kernel(true).u8(FIRST + 0x1000 + 8, 1))) // the first symbol isn't empty
        .containsExactly("module virtio: its symbols aren't found");
    assertThat(gaps(kernel(true).u8(FIRST + 0x2000, 'x'))) // nor the first string
        .containsExactly("module virtio: its symbols aren't found");
  }

  /** The module in front of the list is in its init function, of which the name is at +0x9001. */
  private static KernelDump coming(KernelDump dump) {
    long init = FIRST + 0x8000;
    dump.u32(FIRST, 1).u64(FIRST + KALLSYMS, init);
    dump.u64(init, FIRST + 0x8800).u32(init + 8, 2).u64(init + 16, FIRST + 0x9000);
    dump.text(FIRST + 0x9001, "virtio_start");
    symbol(dump, FIRST + 0x8800 + 24, 1, 1, FIRST + 0xa000, 0x10);
    return dump;
  }

  @Test
  void aModuleThatIsBeingLoadedHasTheSymbolsOfItsInitSection() throws Exception {
    assertThat(find(coming(kernel(true)), "virtio_*"))
        .containsExactly(
            new Symbol(
                "virtio_start", FIRST + 0xa000, '?', OptionalLong.of(0x10), Optional.of("virtio")));
    assertThat(find(coming(kernel(false)), "fake_*")).hasSize(1); // the list is found all the same
  }

  @Test
  void aModuleOfWhichTheInitSectionIsFreedHasTheOthers() throws Exception {
    for (long freed : new long[] {0, 0xffff_ffff_c000_0000L, FIRST + 0xb000}) {
      assertThat(find(coming(kernel(true)).u64(FIRST + KALLSYMS, freed), "virtio_*"))
          .containsExactly(init("virtio", FIRST));
    }
  }

  @Test
  void theFieldIsFoundWhereEachModuleIsBeingLoaded() throws Exception {
    KernelDump dump = coming(kernel(true)).u64(HEAD, FIRST + 8).u64(HEAD + 8, FIRST + 8);

    assertThat(find(dump.u64(FIRST + 8, HEAD), "*"))
        .extracting(Symbol::name)
        .contains("virtio_start");
  }

  @Test
  void aModuleThatIsntFormedHasNone() throws Exception {
    assertThat(gaps(kernel(true).u32(FIRST, 3).u64(FIRST + CORE, 0))).isEmpty();
  }

  @Test
  void aPartOfATableIsToldOf() throws Exception {
    assertThat(gaps(kernel(true).u64(SECOND + CORE, BASE + KernelDump.SIZE - 48)))
        .containsExactly(
            "module fake_mod: a part of its symbols at 0x%x: no page tables: VMCOREINFO tells of no root; and no PT_LOAD tells of it"
                .formatted(BASE + KernelDump.SIZE));
  }

  @Test
  void allModulesTogetherAreReadUpToABound() throws Exception {
    try (Vmcore vmcore = Vmcore.open(kernel(true).dump().writeTo(folder.resolve("vmcore")))) {
      KernelReader in = KernelReader.of(vmcore, Kernel.of(vmcore).memory(), Optional.empty());
      List<KernelModule> modules = ModuleList.of(in, HEAD).modules();
      long strings = 0x80 + Tokens.MAX_NAME;
      ModuleTables tables = ModuleTables.of(in, modules, 2 * (4 * 25 + strings) - 1);

      assertThat(tables.read(modules.get(0)).size()).isEqualTo(4 * 25 + strings);
      assertThat(tables.read(modules.get(1)).size()).isZero();
      List<Finding> gaps = new ArrayList<>();
      tables.gaps(gaps::add);
      assertThat(gaps)
          .extracting(Finding::message)
          .containsExactly("the symbols of a module are left out: all together are too large");
    }
  }

  @Test
  void anAddressInTheKernelsImageNeedsNoModules() throws Exception {
    KernelDump dump = kernel(true).u64(HEAD, 0xdead_0000_0000_0000L);

    List<Finding> gaps =
        ask(
            dump,
            symbols -> {
              assertThat(symbols.nearest(TEXT + 0x10)).map(Symbol::name).contains("_stext");
              return symbols.gaps();
            });

    assertThat(gaps).isEmpty();
  }

  @Test
  void namesOutsideOfTheStringsAreNone() throws Exception {
    KernelDump dump = kernel(true).u32(FIRST + 0x1000 + 24, 0x7fff_ffff);

    assertThat(find(dump, "*_init")).containsExactly(init("fake_mod", SECOND));
  }
}
