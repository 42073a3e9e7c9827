package org.vmcore.kernel.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.vmcore.testing.KernelDump.BASE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.Vmcore;
import org.vmcore.io.Finding;
import org.vmcore.io.VmcoreException;
import org.vmcore.kernel.Kernel;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

class SymbolsTest {
  private static final long TEXT = BASE + 0x1000;

  @TempDir Path folder;

  /** What is asked of a kernel's symbols. */
  private interface Question<T> {
    T ask(Kernel kernel) throws VmcoreException;
  }

  private <T> T ask(DumpBuilder dump, Question<T> question) throws Exception {
    return ask(dump, Optional.empty(), question);
  }

  private <T> T ask(DumpBuilder dump, Optional<Path> systemMap, Question<T> question)
      throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      return question.ask(Kernel.of(vmcore, systemMap));
    }
  }

  private List<Symbol> find(DumpBuilder dump, String pattern) throws Exception {
    return find(dump, Optional.empty(), pattern);
  }

  private List<Symbol> find(DumpBuilder dump, Optional<Path> systemMap, String pattern)
      throws Exception {
    return ask(dump, systemMap, kernel -> kernel.symbols().find(pattern));
  }

  private Optional<Symbol> first(DumpBuilder dump, String name) throws Exception {
    return ask(dump, kernel -> kernel.symbols().first(name));
  }

  private Optional<Symbol> nearest(DumpBuilder dump, long address) throws Exception {
    return nearest(dump, Optional.empty(), address);
  }

  private Optional<Symbol> nearest(DumpBuilder dump, Optional<Path> systemMap, long address)
      throws Exception {
    return ask(dump, systemMap, kernel -> kernel.symbols().nearest(address));
  }

  private OptionalInt count(DumpBuilder dump, Optional<Path> systemMap) throws Exception {
    return ask(dump, systemMap, kernel -> kernel.symbols().count());
  }

  private OptionalLong foundAt(DumpBuilder dump) throws Exception {
    return ask(dump, Kernel::infoFoundAt);
  }

  private static KallsymsBytes table(Scheme scheme) {
    return new KallsymsBytes(scheme)
        .add(TEXT, 'T', "_stext")
        .add(TEXT + 0x10, 'T', "panic")
        .add(TEXT + 0x10, 't', "panic_alias")
        .add(TEXT + 0x40, 't', "sys_read")
        .add(BASE + 0x5000, 'D', "init_task")
        .add(BASE + 0x6000, 'B', "_end");
  }

  private static KernelDump kernel(KallsymsBytes table) {
    return table.writeTo(new KernelDump().infoSymbol("_stext", TEXT));
  }

  private static Symbol symbol(String name, long address, char type) {
    return Symbol.ofKernel(name, address, type);
  }

  private List<String> gaps(KernelDump dump) throws Exception {
    return findings(dump).stream().map(Finding::message).toList();
  }

  private List<Finding> findings(KernelDump dump) throws Exception {
    return ask(
        dump.dump(),
        kernel -> {
          assertThat(kernel.symbols().find("panic")).isEmpty();
          return kernel.symbols().gaps();
        });
  }

  private static final String NO_MODULES = "the kernel's list of modules isn't found";

  @ParameterizedTest
  @EnumSource
  void eachSchemeOfAddressesIsRead(Scheme scheme) throws Exception {
    KernelDump dump = kernel(table(scheme));

    assertThat(find(dump.dump(), "*"))
        .containsExactly(
            symbol("_stext", TEXT, 'T'),
            symbol("panic", TEXT + 0x10, 'T'),
            symbol("panic_alias", TEXT + 0x10, 't'),
            symbol("sys_read", TEXT + 0x40, 't'),
            symbol("init_task", BASE + 0x5000, 'D'),
            symbol("_end", BASE + 0x6000, 'B'));
  }

  @Test
  void perCpuVariablesOfX86AreOffsets() throws Exception {
    KernelDump dump =
        kernel(table(Scheme.PERCPU_SIGNED).add(0, 'A', "fixed").add(0x1c80, 'A', "current_task"));

    assertThat(first(dump.dump(), "current_task")).contains(symbol("current_task", 0x1c80, 'A'));
    assertThat(first(dump.dump(), "panic")).contains(symbol("panic", TEXT + 0x10, 'T'));
  }

  @Test
  void aNameOfMoreThan127TokensHasItsLengthInTwoBytes() throws Exception {
    String name = "x".repeat(300);
    KernelDump dump = kernel(table(Scheme.BASE_RELATIVE).add(TEXT + 0x80, 't', name));

    assertThat(first(dump.dump(), name)).contains(symbol(name, TEXT + 0x80, 't'));
    assertThat(first(dump.dump(), "_end")).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "0x1010, panic", // the first of two at one address
    "0x103f, panic",
    "0x1040, sys_read",
    "0x4fff, sys_read",
    "0x6fff, _end", // the last symbol has its page
  })
  void anAddressBelongsToTheSymbolBeforeIt(String offset, String name) throws Exception {
    KernelDump dump = kernel(table(Scheme.PERCPU_SIGNED));

    assertThat(nearest(dump.dump(), BASE + Long.decode(offset))).map(Symbol::name).contains(name);
  }

  @ParameterizedTest
  @CsvSource({"0xfff", "0x7000", "-0x1000"})
  void anAddressFarFromAllSymbolsBelongsToNone(String offset) throws Exception {
    KernelDump dump = kernel(table(Scheme.PERCPU_SIGNED).add(0x10, 'A', "percpu"));

    assertThat(nearest(dump.dump(), BASE + Long.decode(offset))).isEmpty();
  }

  @Test
  void theNearestOfManyIsFoundWhateverWasAskedBefore() throws Exception {
    KernelDump dump = kernel(table(Scheme.BASE_RELATIVE).functions(BASE + 0x8000, 2000));

    List<String> names =
        ask(
            dump.dump(),
            kernel ->
                List.of(
                    kernel.symbols().nearest(BASE + 0x8000 + 16 * 1999).orElseThrow().name(),
                    kernel.symbols().nearest(BASE + 0x8000 + 16 * 700 + 1).orElseThrow().name(),
                    kernel.symbols().nearest(BASE + 0x8000).orElseThrow().name()));

    assertThat(names).containsExactly("function_1999", "function_0700", "function_0000");
  }

  /** Changes how tables are laid out. */
  private interface Layout {
    void change(KallsymsBytes table);
  }

  private void isFound(Scheme scheme, Layout layout) throws Exception {
    for (int symbols : List.of(600, 601)) { // with and without what fills up
      KallsymsBytes table = table(scheme).functions(BASE + 0x8000, symbols);
      layout.change(table);
      KernelDump dump = kernel(table).withoutInfo("SYMBOL(kallsyms");

      assertThat(find(dump.dump(), "panic*"))
          .as(scheme.name())
          .containsExactly(
              symbol("panic", TEXT + 0x10, 'T'), symbol("panic_alias", TEXT + 0x10, 't'));
      assertThat(count(dump.dump(), Optional.empty())).hasValue(symbols + 6);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTablesAreFoundWhereVmcoreinfoDoesntTellOfThem(Scheme scheme) throws Exception {
    isFound(scheme, table -> {});
    isFound(scheme, KallsymsBytes::wordMarkers);
    isFound(scheme, KallsymsBytes::withOrder);
    isFound(scheme, KallsymsBytes::addressesLast);
    isFound(scheme, table -> table.addressesLast().withOrder());
    isFound(scheme, table -> table.addressesLast().tight().withOrder());
  }

  @Test
  void theTablesAreFoundWithoutVmcoreinfo() throws Exception {
    KernelDump dump = kernel(table(Scheme.BASE_RELATIVE).functions(BASE + 0x8000, 600));

    assertThat(first(dump.dumpWithoutInfo(), "panic")).contains(symbol("panic", TEXT + 0x10, 'T'));
  }

  @Test
  void tablesInSeveralMappingsAreFound() throws Exception {
    KallsymsBytes table = table(Scheme.BASE_RELATIVE).functions(BASE + 0x8000, 600);
    KernelDump dump = kernel(table).withoutInfo("SYMBOL(kallsyms");

    for (long split : List.of(table.tokenTable() - 64, table.names() + 3, table.numSyms() - 8)) {
      assertThat(first(dump.without(split, split).dump(), "panic"))
          .as(Long.toHexString(split))
          .contains(symbol("panic", TEXT + 0x10, 'T'));
    }
  }

  @Test
  void tablesWithAHoleInFrontOfThemAreFound() throws Exception {
    KallsymsBytes table = table(Scheme.BASE_RELATIVE).functions(BASE + 0x8000, 600);
    KernelDump dump = kernel(table).withoutInfo("SYMBOL(kallsyms");
    long start = table.addresses();

    assertThat(first(dump.without(start - 3, start).dump(), "panic")).isPresent();
    assertThat(first(dump.without(start - 3, start + 1).dump(), "panic")).isEmpty();
  }

  @Test
  void vmcoreinfoIsFoundInMemory() throws Exception {
    KernelDump dump = kernel(table(Scheme.PLACE_RELATIVE));
    DumpBuilder file = dump.dumpWithoutNote(BASE + 0x3000);

    assertThat(foundAt(file)).hasValue(KernelDump.PADDR + 0x3000);
    assertThat(count(file, Optional.empty())).hasValue(6);
    assertThat(foundAt(dump.dump())).isEmpty();
    assertThat(foundAt(dump.dumpWithoutNote(BASE + 0x3000).vmcoreinfo("nothing")))
        .as("a note without a line")
        .hasValue(KernelDump.PADDR + 0x3000);
  }

  @Test
  void ofSeveralVmcoreinfosTheOneThatNamesThisKernelIsTaken() throws Exception {
    KernelDump dump = new KernelDump().infoSymbol("init_uts_ns", BASE + 0x9000);
    dump.info("OFFSET(uts_namespace.name)=0").text(BASE + 0x9000, "Linux");
    dump.text(BASE + 0x9000 + 130, "6.1.0-test");
    dump.dumpWithoutNote(BASE + 0x4000);
    dump.withoutInfo("OSRELEASE").withoutInfo("PAGESIZE");
    KernelDump both = dump.infoFirst("OSRELEASE=5.0-before");

    assertThat(foundAt(both.dumpWithoutNote(BASE + 0x3000))).hasValue(KernelDump.PADDR + 0x4000);
  }

  @Test
  void symbolsOfVmcoreinfoAnswerWhereTheTableDoesnt() throws Exception {
    KernelDump dump =
        kernel(table(Scheme.BASE_RELATIVE))
            .infoSymbol("init_uts_ns", BASE + 0x5800)
            .infoSymbol("mem_section", 0x1234);

    assertThat(first(dump.dump(), "init_uts_ns"))
        .contains(symbol("init_uts_ns", BASE + 0x5800, '?'));
    assertThat(find(dump.dump(), "init_uts_ns")).hasSize(1);
    assertThat(first(dump.dump(), "mem_section")).as("a value, no address").isEmpty();
  }

  @Test
  void tooManySymbolsAreRefused() throws Exception {
    KallsymsBytes table = table(Scheme.BASE_RELATIVE);
    KernelDump dump = kernel(table);
    dump.u32(table.numSyms(), 0x8000_0000L);

    assertThat(gaps(dump))
        .containsExactly(
            "kallsyms_num_syms at 0x%x: 2147483648: not from 1 to 2097152"
                .formatted(table.numSyms()),
            NO_MODULES,
            "no page tables: VMCOREINFO tells of no root");
  }

  @Test
  void tokensOutsideOfTheTableAreRefused() throws Exception {
    KallsymsBytes table = table(Scheme.PLACE_RELATIVE);
    KernelDump dump = kernel(table);
    dump.withoutInfo("SYMBOL(kallsyms_token_table)");
    dump.infoSymbol("kallsyms_token_table", BASE + KernelDump.SIZE - 0x200);

    assertThat(gaps(dump).getFirst())
        .isEqualTo(
            "kallsyms_token_table at 0x%x: the dump knows of no memory there"
                .formatted(BASE + KernelDump.SIZE));
  }

  @Test
  void tokensThatDontAscendAreRefused() throws Exception {
    KallsymsBytes table = table(Scheme.PLACE_RELATIVE);
    KernelDump dump = kernel(table);
    dump.u16(table.tokenIndex() + 2 * 7, 0xffff);

    assertThat(gaps(dump).getFirst())
        .isEqualTo("kallsyms_token_index at 0x%x: doesn't ascend", table.tokenIndex() + 16);
  }

  @Test
  void namesWithDamagedTokensAreLeftOut() throws Exception {
    KallsymsBytes table = table(Scheme.BASE_RELATIVE);
    KernelDump dump = kernel(table);
    dump.u8(table.tokenTable() + 2 * 'n', 0x1b); // each token is one character and its NUL

    assertThat(find(dump.dump(), "*")).extracting(Symbol::name).doesNotContain("panic");
    assertThat(first(dump.dump(), "_stext")).isPresent();
    assertThat(gaps(dump))
        .contains(
            "kallsyms_token_table: 1 of 256 tokens are damaged: names with them are left out");
  }

  @Test
  void namesWithoutStextAreRefused() throws Exception {
    KallsymsBytes table = table(Scheme.BASE_RELATIVE);
    KernelDump dump = kernel(table);
    dump.u32(table.numSyms(), 1).withoutInfo("SYMBOL(_stext)").infoSymbol("_stext", TEXT);
    dump.u8(table.names() + 3, 'z');

    assertThat(gaps(dump).getFirst()).endsWith("no _stext among them");
    assertThat(first(dump.dump(), "panic")).isEmpty();
  }

  @Test
  void addressesThatDontAscendAreRefused() throws Exception {
    KallsymsBytes table = table(Scheme.BASE_RELATIVE);
    KernelDump dump = kernel(table);
    dump.u32(table.addresses() + 8, 0);

    assertThat(gaps(dump).getFirst()).endsWith("addresses don't ascend: no such table");
  }

  @Test
  void tablesThatAreNotInTheDumpAreToldOf() throws Exception {
    for (String name :
        List.of("num_syms", "names", "token_table", "token_index", "offsets", "relative_base")) {
      KernelDump dump = kernel(table(Scheme.BASE_RELATIVE));
      dump.withoutInfo("SYMBOL(kallsyms_" + name + ")");
      dump.infoSymbol("kallsyms_" + name, 0xffff_ffff_0000_0000L);

      assertThat(gaps(dump).getFirst()).as(name).startsWith("kallsyms_" + name);
    }
  }

  @Test
  void namesAreReadUpToTheFirstThatIsMissing() throws Exception {
    KallsymsBytes table = table(Scheme.BASE_RELATIVE);
    KernelDump dump = kernel(table);
    long names = BASE + KernelDump.SIZE - 12;
    dump.bytes(names, new byte[] {7, 'T', '_', 's', 't', 'e', 'x', 't', 6, 'T', 'p', 'a'});
    dump.withoutInfo("SYMBOL(kallsyms_names)").infoSymbol("kallsyms_names", names);

    assertThat(first(dump.dump(), "_stext")).isPresent();
    assertThat(gaps(dump))
        .contains(
            "kallsyms_names at 0x%x: the dump knows of no memory there: only 1 of 6 names can be read"
                .formatted(BASE + KernelDump.SIZE),
            NO_MODULES);
  }

  @Test
  void aLostTableIsAnError() throws Exception {
    KallsymsBytes table = table(Scheme.BASE_RELATIVE);
    KernelDump dump = kernel(table).lostFrom(table.tokenIndex());

    assertThat(findings(dump))
        .contains(
            new Finding(
                "symbols",
                Finding.Severity.ERROR,
                OptionalLong.empty(),
                "kallsyms_token_index at 0x%x: lost".formatted(table.tokenIndex())))
        .contains(
            new Finding(
                "symbols",
                Finding.Severity.ERROR,
                OptionalLong.empty(),
                NO_MODULES + ": a part of the kernel's image is lost"));
  }

  @Test
  void aTableThatIsntFoundIsAnErrorOnlyWhereTheImageIsLost() throws Exception {
    KallsymsBytes table = table(Scheme.BASE_RELATIVE).functions(BASE + 0x8000, 600);
    KernelDump dump = kernel(table).withoutInfo("SYMBOL(kallsyms");

    assertThat(findings(dump.excludedFrom(table.tokenIndex())))
        .extracting(Finding::message, Finding::severity)
        .contains(tuple("the kernel's kallsyms isn't found", Finding.Severity.WARNING));
    assertThat(findings(dump.excludedFrom(BASE + KernelDump.SIZE).lostFrom(table.tokenIndex())))
        .extracting(Finding::message, Finding::severity)
        .contains(
            tuple(
                "the kernel's kallsyms isn't found: a part of the kernel's image is lost",
                Finding.Severity.ERROR));
  }

  @Test
  void anExcludedTableIsToldOf() throws Exception {
    KallsymsBytes table = table(Scheme.BASE_RELATIVE);
    KernelDump dump = kernel(table).excludedFrom(table.tokenIndex());

    assertThat(findings(dump).getFirst())
        .isEqualTo(
            new Finding(
                "symbols",
                Finding.Severity.WARNING,
                OptionalLong.empty(),
                "kallsyms_token_index at 0x%x: excluded from the dump"
                    .formatted(table.tokenIndex())));
  }

  @Test
  void addressesThatDontFitVmcoreinfoAreRefused() throws Exception {
    KernelDump dump = table(Scheme.BASE_RELATIVE).writeTo(new KernelDump());
    dump.infoSymbol("_stext", TEXT + 0x1000);

    assertThat(gaps(dump).getFirst())
        .contains("_stext isn't at 0x" + Long.toHexString(TEXT + 0x1000));
  }

  @Test
  void aSystemMapIsMovedByKaslr() throws Exception {
    Path map = folder.resolve("System.map");
    Files.writeString(
        map,
        """
        0000000000001c80 A current_task
        ffffffff80001000 T _stext
        ffffffff80001010 T panic
        nonsense
        ffffffff80005000 D init_task
        """);
    DumpBuilder dump = new KernelDump().infoSymbol("_stext", TEXT).dump();

    assertThat(find(dump, Optional.of(map), "*"))
        .containsExactly(
            symbol("current_task", 0x1c80, 'A'),
            symbol("_stext", TEXT, 'T'),
            symbol("panic", TEXT + 0x10, 'T'),
            symbol("init_task", BASE + 0x5000, 'D'));
    assertThat(nearest(dump, Optional.of(map), TEXT + 0x18))
        .contains(symbol("panic", TEXT + 0x10, 'T'));
    assertThat(count(dump, Optional.of(map))).hasValue(4);
  }

  private boolean isPlaced(DumpBuilder dump, Optional<Path> map) throws Exception {
    return ask(dump, map, kernel -> kernel.symbols().isPlaced());
  }

  private Path map(String... lines) throws Exception {
    return Files.write(folder.resolve("System.map"), List.of(lines));
  }

  @Test
  void withoutVmcoreinfoASystemMapIsWhereKallsymsHasTheKernel() throws Exception {
    DumpBuilder dump =
        kernel(table(Scheme.BASE_RELATIVE).functions(BASE + 0x8000, 600)).dumpWithoutInfo();
    Optional<Path> map =
        Optional.of(map("ffffffff80001000 T _stext", "ffffffff80001020 T only_here"));

    assertThat(find(dump, map, "only_here")).containsExactly(symbol("only_here", TEXT + 0x20, 'T'));
    assertThat(isPlaced(dump, map)).isTrue();
  }

  @Test
  void withoutVmcoreinfoASystemMapMustBeThatOfKallsyms() throws Exception {
    KallsymsBytes table =
        table(Scheme.BASE_RELATIVE).functions(BASE + 0x8000, 600).add(TEXT + 0x4000, 'T', "_etext");
    Optional<Path> map = Optional.of(map("ffffffff80001000 T _stext", "ffffffff80001020 T _etext"));

    assertThatThrownBy(
            () -> ask(kernel(table).dumpWithoutInfo(), map, kernel -> kernel.symbols().count()))
        .hasMessageEndingWith(
            "_etext would be at 0x%x, kallsyms has it at 0x%x: of another kernel",
            TEXT + 0x20, TEXT + 0x4000);
  }

  @Test
  void aSystemMapThatNothingPlacesHasItsAddressesAsLinked() throws Exception {
    Optional<Path> map =
        Optional.of(
            map(
                "ffffffff80001000 T _stext",
                "%x D modules".formatted(BASE + 0x5000))); // where something else is
    DumpBuilder dump = new KernelDump().dumpWithoutInfo();

    assertThat(find(dump, map, "_stext"))
        .containsExactly(symbol("_stext", 0xffff_ffff_8000_1000L, 'T'));
    assertThat(isPlaced(dump, map)).isFalse();
    List<Finding> gaps =
        ask(
            dump,
            map,
            kernel -> {
              assertThat(kernel.symbols().find("nobody")).isEmpty();
              return kernel.symbols().gaps();
            });

    assertThat(gaps)
        .extracting(Finding::message)
        .containsExactly(
            "nothing tells where the kernel is in memory: the System.map's addresses are as linked",
            NO_MODULES,
            "no page tables: there is no VMCOREINFO");
  }

  @Test
  void aSystemMapOfAnotherKernelIsRefused() throws Exception {
    Path map = folder.resolve("System.map");
    Files.writeString(map, "ffffffff80001000 T _stext\nffffffff80009000 D init_uts_ns\n");
    KernelDump dump = new KernelDump().infoSymbol("_stext", TEXT);
    dump.infoSymbol("init_uts_ns", BASE + 0x5000);

    assertThatThrownBy(() -> ask(dump.dump(), Optional.of(map), Kernel::symbols))
        .hasMessage(
            "%s: init_uts_ns would be at 0x%x, VMCOREINFO has it at 0x%x: of another kernel",
            map, BASE + 0x9000, BASE + 0x5000);
    Files.writeString(map, "no symbols\n");
    assertThatThrownBy(() -> ask(dump.dump(), Optional.of(map), Kernel::symbols))
        .hasMessage(map + ": has no _stext: it is no System.map");
  }
}
