package org.vmcore.kernel.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

class SymbolsTest extends KallsymsKernel {
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
  @CsvSource({"_end, 0x6000", "init_task, 0x5000", "sys_read, 0x1040"})
  void theKernelsOwnSymbolsAreFoundByTheirNames(String name, String offset) throws Exception {
    KernelDump dump = kernel(table(Scheme.BASE_RELATIVE));

    OptionalLong found = ask(dump.dump(), kernel -> kernel.symbols().addressInKernel(name));
    assertThat(found).hasValue(BASE + Long.decode(offset));
  }

  @ParameterizedTest
  @CsvSource({
    "0x1010, panic_alias", // the last of two at one address
    "0x103f, panic_alias",
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
}
