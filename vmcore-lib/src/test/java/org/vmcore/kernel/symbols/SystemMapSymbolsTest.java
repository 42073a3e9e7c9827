package org.vmcore.kernel.symbols;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.KernelDump.BASE;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

/** Symbols of a System.map in place of the dump's. */
class SystemMapSymbolsTest extends KallsymsKernel {
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
