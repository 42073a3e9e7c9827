package org.vmcore.kernel.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.kernel.Kernel;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

/** The tables of kallsyms and VMCOREINFO are found in memory. */
class SymbolTablesFoundTest extends KallsymsKernel {
  private OptionalLong foundAt(DumpBuilder dump) throws Exception {
    return ask(dump, Kernel::infoFoundAt);
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
}
