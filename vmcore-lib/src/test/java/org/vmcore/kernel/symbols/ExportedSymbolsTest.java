package org.vmcore.kernel.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.memory.Finding;
import org.vmcore.testing.ExportBytes;
import org.vmcore.testing.ExportBytes.Form;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

/** Where kallsyms has functions alone, exported symbols stand in for data. */
class ExportedSymbolsTest extends KallsymsKernel {
  private static final long DATA = BASE + 0x10_0000;
  private static final long TABLE = BASE + 0x4_0000;
  private static final long NAMES = BASE + 0x6_0000;
  private static final String LACK = "no symbols of the kernel's data (CONFIG_KALLSYMS_ALL is off)";

  private static KallsymsBytes functions() {
    return new KallsymsBytes(Scheme.BASE_RELATIVE)
        .add(TEXT, 'T', "_stext")
        .add(TEXT + 0x10, 'T', "panic")
        .add(TEXT + 0x40, 'D', "_etext")
        .add(BASE + 0x8_0000, 'T', "_sinittext");
  }

  private static KernelDump kernel() {
    return kernel(functions()).infoSymbol("init_uts_ns", DATA + 0x2000);
  }

  private static ExportBytes exports(Form form) {
    return new ExportBytes(form)
        .add("panic", TEXT + 0x10)
        .add("init_task", DATA)
        .gpl("runqueue", DATA + 0x1000)
        .many(DATA + 0x4000, 20);
  }

  private static KernelDump exporting(Form form) {
    return exports(form).writeTo(kernel(), TABLE, NAMES);
  }

  @ParameterizedTest
  @EnumSource
  void eachFormIsFound(Form form) throws Exception {
    KernelDump dump = exporting(form);

    assertThat(first(dump.dump(), "init_task")).contains(symbol("init_task", DATA, '?'));
    assertThat(first(dump.dump(), "runqueue")).contains(symbol("runqueue", DATA + 0x1000, '?'));
    assertThat(find(dump.dump(), "export_*")).hasSize(20);
    assertThat(find(dump.dump(), "gpl_*")).hasSize(20);
  }

  @ParameterizedTest
  @EnumSource
  void theAddressIsThatOfTheKernelsOwn(Form form) throws Exception {
    KernelDump dump = exporting(form);

    OptionalLong address = ask(dump.dump(), kernel -> kernel.symbols().addressInKernel("gpl_03"));

    assertThat(address).hasValue(DATA + 0x4000 + 3 * 32 + 16);
  }

  @Test
  void aFunctionIsToldOnce() throws Exception {
    KernelDump dump = exporting(Form.RELATIVE);

    assertThat(find(dump.dump(), "pan?c")).containsExactly(symbol("panic", TEXT + 0x10, 'T'));
  }

  /** node_online_map is node_states[N_ONLINE], which is no symbol. */
  @Test
  void whatVmcoreinfoTellsWithinAVariableIsNoSymbol() throws Exception {
    KernelDump dump =
        new ExportBytes(Form.RELATIVE)
            .add("init_task", DATA)
            .add("node_states", DATA + 0x3000)
            .many(DATA + 0x4000, 20)
            .writeTo(kernel().infoSymbol("node_online_map", DATA + 0x3008), TABLE, NAMES);

    KernelSymbols symbols = ask(dump.dump(), kernel -> kernel.symbols().ofKernel());

    assertThat(symbols.find("node_states")).isNotNegative();
    assertThat(symbols.find("init_uts_ns")).isNotNegative();
    assertThat(symbols.find("node_online_map")).isNegative();
  }

  @Test
  void itIsSaidThatDataIsKnownInPart() throws Exception {
    KernelDump dump = exporting(Form.RELATIVE);

    assertThat(gapsOf(dump, "init_task"))
        .contains(LACK + ": only those that the kernel exports are known");
    boolean lacksData = ask(dump.dump(), kernel -> kernel.symbols().lacksData());
    assertThat(lacksData).isTrue();
  }

  @Test
  void whoIsLedByOneToSomethingElseIsToldNothing() throws Exception {
    List<Finding> gaps =
        ask(
            exporting(Form.RELATIVE).dump(),
            kernel -> {
              var _ = kernel.symbols().addressInKernel("init_task");
              var _ = kernel.symbols().nearest(BASE + 0x1012);
              return kernel.symbols().gaps();
            });

    assertThat(gaps).isEmpty();
  }

  @Test
  void itIsSaidThatNothingStandsIn() throws Exception {
    assertThat(gapsOf(kernel(), "init_task"))
        .contains(LACK + ", and its exported symbols aren't found");
  }

  private List<String> gapsOf(KernelDump dump, String name) throws Exception {
    return ask(
        dump.dump(),
        kernel -> {
          var _ = kernel.symbols().first(name);
          return kernel.symbols().gaps().stream().map(Finding::message).toList();
        });
  }

  @Test
  void nobodySearchesWhereKallsymsHasData() throws Exception {
    KernelDump dump =
        exports(Form.RELATIVE)
            .add("only_exported", DATA + 0x100)
            .writeTo(
                kernel(table(Scheme.BASE_RELATIVE)).infoSymbol("init_uts_ns", BASE + 0x5000),
                TABLE,
                NAMES);

    assertThat(first(dump.dump(), "only_exported")).isEmpty();
    boolean lacksData = ask(dump.dump(), kernel -> kernel.symbols().lacksData());
    assertThat(lacksData).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "0x100010, init_task",
    "0x100fff, init_task",
    "0x1017ff, runqueue",
    "0x1012, panic",
    "0x5000, _etext", // between functions
  })
  void anAddressInDataBelongsToTheExportInFrontOfIt(String offset, String name) throws Exception {
    KernelDump dump = exporting(Form.RELATIVE);

    assertThat(nearest(dump.dump(), BASE + Long.decode(offset))).map(Symbol::name).contains(name);
  }

  @Test
  void anAddressFarBehindAnExportBelongsToNone() throws Exception {
    assertThat(nearest(exporting(Form.RELATIVE).dump(), DATA + 0x3000)).isEmpty();
  }

  @Test
  void aWordThatHappensToPointToTheNameIsPassedOver() throws Exception {
    KernelDump dump = exporting(Form.RELATIVE);
    long name = NAMES + 1 + "export_00".length() * 20L + 20; // behind those in front of it
    dump.u32(TABLE - 0x100, name - (TABLE - 0x100));

    assertThat(first(dump.dump(), "gpl_19")).isPresent();
  }

  @Test
  void fewEntriesAreNoTable() throws Exception {
    KernelDump dump =
        new ExportBytes(Form.RELATIVE)
            .add("init_task", DATA)
            .add("jiffies", DATA + 8)
            .writeTo(kernel(), TABLE, NAMES);

    assertThat(first(dump.dump(), "init_task")).isEmpty();
  }

  @Test
  void whatFollowsTheTablesIsNoEntry() throws Exception {
    KernelDump dump = exporting(Form.RELATIVE);
    long end = TABLE + 12 * 43; // flags of 7.0, which happen to point between names
    for (int i = 0; i < 48; i++) {
      dump.u8(end + i, i & 1);
    }

    assertThat(find(dump.dump(), "*_0?").stream().map(Symbol::name).distinct().count())
        .isEqualTo(20);
    assertThat(find(dump.dump(), "*")).hasSize(4 + 42);
  }
}
