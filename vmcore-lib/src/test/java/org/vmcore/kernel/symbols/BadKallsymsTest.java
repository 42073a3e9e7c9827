package org.vmcore.kernel.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.vmcore.testing.KernelDump.BASE;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.Finding;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

/** Tables of kallsyms that are damaged, lost or of another kernel. */
class BadKallsymsTest extends KallsymsKernel {
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
            "kallsyms_token_table at 0x%x: no page tables: VMCOREINFO tells of no root; and no PT_LOAD tells of it"
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
            "kallsyms_names at 0x%x: no page tables: VMCOREINFO tells of no root; and no PT_LOAD tells of it: only 1 of 6 names can be read"
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
}
