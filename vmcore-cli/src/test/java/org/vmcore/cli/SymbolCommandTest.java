package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

class SymbolCommandTest {
  private static final String NO_MODULES = ": the kernel's list of modules isn't found";

  @TempDir Path folder;
  private Path dump = Path.of("none");

  @BeforeEach
  void write() throws IOException {
    KernelDump kernel = new KernelDump().infoSymbol("_stext", BASE + 0x1000);
    kernel.text(BASE + 0x1040, "Hello");
    // An empty list of modules.
    kernel.u64(BASE + 0x7000, BASE + 0x7000).u64(BASE + 0x7008, BASE + 0x7000);
    dump =
        new KallsymsBytes(Scheme.PERCPU_SIGNED)
            .add(0x1c80, 'A', "current_task")
            .add(BASE + 0x1000, 'T', "_stext")
            .add(BASE + 0x1040, 'T', "do_read")
            .add(BASE + 0x1080, 't', "do_write")
            .add(BASE + 0x6000, 'D', "init_task")
            .add(BASE + 0x7000, 'D', "modules")
            .writeTo(kernel)
            .dump()
            .writeTo(folder.resolve("vmcore"));
  }

  @Test
  void byName() {
    assertThat(Run.of("symbol", dump, "do_read").lines())
        .containsExactly("ADDRESS TYPE NAME MODULE", "0xffffffff81001040 T do_read -");
    assertThat(Run.of("symbol", "--no-header", dump, "current_task").lines())
        .containsExactly("0x1c80 A current_task -");
  }

  @Test
  void byPattern() {
    assertThat(Run.of("symbol", "--no-header", dump, "do_*").lines())
        .containsExactly("0xffffffff81001040 T do_read -", "0xffffffff81001080 t do_write -");
  }

  @Test
  void byAddress() {
    assertThat(Run.of("symbol", "--no-header", dump, "0xffffffff81001044").lines())
        .containsExactly("0xffffffff81001040 T do_read+0x4 -");
    assertThat(Run.of("symbol", "--no-header", dump, "ffffffff81001080").lines())
        .containsExactly("0xffffffff81001080 t do_write -");
  }

  @Test
  void byNameAndOffset() {
    for (String what : new String[] {"do_read+4", "do_read+0x4/0x40", "_stext+0x44"}) {
      assertThat(Run.of("symbol", "--no-header", dump, what).lines())
          .containsExactly("0xffffffff81001040 T do_read+0x4 -");
    }
    assertThat(Run.of("symbol", "--no-header", dump, "do_read+0x40").lines())
        .containsExactly("0xffffffff81001080 t do_write -");
    assertThat(Run.of("symbol", "--json", dump, "do_read+0").ok().records("symbols"))
        .singleElement()
        .satisfies(each -> assertThat(each).containsEntry("offset", "0x0"));
    Run.of("symbol", dump, "nobody+1").fails(1, "vmcore: " + dump + ": no symbol at nobody+1");
    Run.of("symbol", dump, "do_read+x")
        .misused(
            "vmcore symbol",
            "Invalid value for NAME|ADDR|PATTERN: 'x' is not a number like 4096, 0x1000 or 4KiB");
    Run.of("symbol", dump, "do_[+]*").fails(1, "vmcore: " + dump + ": no symbol do_[+]*");
  }

  @Test
  void lostTablesAreDamage() throws IOException {
    KernelDump kernel = new KernelDump().infoSymbol("_stext", BASE + 0x1000);
    KallsymsBytes table =
        new KallsymsBytes(Scheme.BASE_RELATIVE)
            .add(BASE + 0x1000, 'T', "_stext")
            .add(BASE + 0x7000, 'D', "modules");
    table.writeTo(kernel).u64(BASE + 0x7000, BASE + 0x100000).u64(BASE + 0x7008, BASE + 0x100000);
    Path lost = kernel.lostFrom(BASE + 0x100000).dump().writeTo(folder.resolve("lost"));
    String why = ": struct module at 0xffffffff81100000: lost";

    Run found = Run.of("symbol", "--no-header", lost, "_stext");
    assertThat(found.status()).isEqualTo(3);
    assertThat(found.lines()).containsExactly("0xffffffff81001000 T _stext -");
    assertThat(found.err()).contains("vmcore: " + lost + why + "\n");
    assertThat(Run.of("symbol", "--no-header", lost, "0xffffffff81001000").ok().err()).isEmpty();
    Run none = Run.of("symbol", lost, "nobody");
    assertThat(none.status()).isEqualTo(3);
    assertThat(none.err()).endsWith("vmcore: " + lost + ": no symbol nobody\n");
  }

  @Test
  void aSystemMapThatNothingPlaces() throws IOException {
    Path map = folder.resolve("System.map");
    Files.writeString(map, "ffffffff81001000 T _stext\n");
    Path bare = new KernelDump().dumpWithoutInfo().writeTo(folder.resolve("bare"));
    String asLinked =
        ": nothing tells where the kernel is in memory: the System.map's addresses are as linked";

    Run run = Run.of("symbol", "--system-map", map, "--no-header", bare, "_stext");
    assertThat(run.status()).isZero();
    assertThat(run.lines()).containsExactly("0xffffffff81001000 T _stext -");
    assertThat(run.err()).contains("vmcore: " + bare + asLinked + "\n");
    Run.of("read", "--system-map", map, "--symbol", "_stext", bare)
        .fails(1, "vmcore: " + bare + asLinked);
  }

  @Test
  void json() {
    assertThat(Run.of("symbol", "--json", dump, "do_read").ok().records("symbols"))
        .containsExactly(Map.of("name", "do_read", "address", "0xffffffff81001040", "type", "T"));
    assertThat(Run.of("symbol", "--json", dump, "0xffffffff81001041").ok().records("symbols"))
        .singleElement()
        .satisfies(each -> assertThat(each).containsEntry("offset", "0x1"));
  }

  @Test
  void nothingFound() {
    Run.of("symbol", dump, "nobody").fails(1, "vmcore: " + dump + ": no symbol nobody");
    Run.of("symbol", dump, "0x10000").fails(1, "vmcore: " + dump + ": no symbol at 0x10000");
    assertThat(
            Run.of("symbol", "--json", dump, "no*")
                .fails(1, "vmcore: " + dump + ": no symbol no*")
                .records("symbols"))
        .isEmpty();
  }

  @Test
  void whatCantBeReadIsTold() throws IOException {
    Path small = Dumps.small(folder);

    assertThat(Run.of("symbol", small, "panic").err())
        .contains(
            "vmcore: " + small + ": the kernel's kallsyms isn't found\n",
            "vmcore: " + small + NO_MODULES + "\n",
            "vmcore: " + small + ": no symbol panic\n");
  }

  @Test
  void misuse() {
    Run.of("symbol", dump)
        .misused("vmcore symbol", "Missing required parameter: 'NAME|ADDR|PATTERN'");
    Run.of("symbol", dump, "0xzz")
        .misused(
            "vmcore symbol",
            "Invalid value for NAME|ADDR|PATTERN: '0xzz' is not a number like 4096, 0x1000 or 4KiB");
    Run.of("symbol", dump, "do_read+0xffffffffffffffff")
        .misused("vmcore symbol", "'do_read' and the offset reach past 2^64");
  }

  @Test
  void aSystemMap() throws IOException {
    Path map = folder.resolve("System.map");
    Files.writeString(map, "ffffffff80001000 T _stext\nffffffff80002000 D only_here\n");

    assertThat(Run.of("symbol", "--system-map", map, "--no-header", dump, "only_*").lines())
        .containsExactly("0xffffffff81002000 D only_here -");
    assertThat(
            Run.of("read", "--system-map", map, "--symbol", "_stext+0x40", "--length", 5, dump)
                .out())
        .contains("|Hello|");
    Files.writeString(map, "");
    Run.of("symbol", "--system-map", map, dump, "panic")
        .fails(1, "vmcore: " + map + ": has no _stext: it is no System.map");
    Run.of("read", "--system-map", map, "--phys", "0x1000", dump)
        .misused("vmcore read", "--system-map has no effect without --symbol");
  }

  @Test
  void readKnowsTheSymbols() {
    assertThat(Run.of("read", "--symbol", "do_read+1", "--length", "4", dump).out())
        .contains("|ello|");
  }

  @Test
  void infoCountsThem() {
    assertThat(Run.of("info", dump).lines()).contains("symbols: 6");
    assertThat(Run.of("info", "--json", dump).json()).containsEntry("symbols", 6L);
  }
}
