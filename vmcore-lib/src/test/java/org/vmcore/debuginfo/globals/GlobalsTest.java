package org.vmcore.debuginfo.globals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.btf.TypeRecords;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.KernelDump;

/** A kernel with a few of the table's variables. */
class GlobalsTest {
  @TempDir Path folder;

  private final KernelDump kernel = new KernelDump();
  private final BtfBuilder types = new BtfBuilder();
  private final StringBuilder map = new StringBuilder();
  private int text;

  @BeforeEach
  void begin() {
    text = types.signed("char", 1);
    kernel.infoSymbol("_stext", BASE);
    symbol(BASE, 'T', "_text");
    symbol(BASE, 'T', "_stext");
  }

  private void symbol(long address, char type, String name) {
    map.append("%016x %c %s%n".formatted(address, type, name));
  }

  private Globals globals() throws IOException {
    symbol(BASE + 0x10_0000, 'B', "_end");
    byte[] btf = types.build();
    Path file = Files.write(folder.resolve("btf"), btf);
    Path names = Files.writeString(folder.resolve("System.map"), map);
    Path dump = kernel.dump().writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump)) {
      KernelLayout layout =
          KernelLayout.of(
              vmcore, Kernel.of(vmcore, Optional.of(names), Optional.of(file)), Purpose.GDB);
      return Globals.of(layout, TypeRecords.parse("BTF", btf, 8));
    }
  }

  @Test
  void aTypeOfItsOwn() throws IOException {
    int task = types.struct("task_struct", 64).end();
    symbol(BASE + 0x1000, 'D', "init_task");
    symbol(BASE + 0x1040, 'd', "next");

    assertThat(globals().variables())
        .containsExactly(TypedGlobal.of("init_task", BASE + 0x1000, true, task));
  }

  @Test
  void aTypeThatIsTooLargeIsLeftOut() throws IOException {
    types.struct("task_struct", 65).end();
    symbol(BASE + 0x1000, 'D', "init_task");
    symbol(BASE + 0x1040, 'd', "next");
    symbol(BASE + 0x2000, 'D', "init_mm");

    Globals globals = globals();
    assertThat(globals.variables()).isEmpty();
    assertThat(globals.leftOut())
        .isEqualTo(
            Map.of(
                "init_task",
                "struct task_struct: 65 bytes, and up to the next symbol are 64",
                "init_mm",
                "the kernel has no type struct mm_struct"));
  }

  @Test
  void aFunctionOfThatNameIsNoVariable() throws IOException {
    types.unsigned("long unsigned int", 8);
    symbol(BASE + 0x100, 'T', "totalram_pages");
    symbol(BASE + 0x1000, 'T', "_etext");
    symbol(BASE + 0x2000, 'T', "max_pfn"); // as 7.x has it

    assertThat(globals().variables()).extracting(TypedGlobal::name).containsExactly("max_pfn");
  }

  @Test
  void anArrayFillsItsRoom() throws IOException {
    types.unsigned("long unsigned int", 8);
    symbol(BASE + 0x1000, 'D', "avenrun");
    symbol(BASE + 0x101c, 'D', "next");

    assertThat(globals().variables().getFirst().counts()).containsExactly(3L);
  }

  @Test
  void theLengthThatVmcoreinfoTells() throws IOException {
    types.typedef("pg_data_t", types.struct("pglist_data", 64).end());
    kernel.info("LENGTH(node_data)=2");
    symbol(BASE + 0x1000, 'D', "node_data");

    TypedGlobal nodes = globals().variables().getFirst();
    assertThat(nodes.layers()).containsExactly(Layer.POINTER);
    assertThat(nodes.counts()).containsExactly(2L);
  }

  @Test
  void theLengthThatAnEnumeratorTells() throws IOException {
    types.struct("softirq_action", 8).end();
    types.enumeration("", false).value("NR_SOFTIRQS", 10).end();
    symbol(BASE + 0x1000, 'D', "softirq_vec");

    assertThat(globals().variables().getFirst().counts()).containsExactly(10L);
  }

  @Test
  void noNullPointersAtTheEndOfATable() throws IOException {
    symbol(BASE + 0x1000, 'd', "task_state_array");
    symbol(BASE + 0x1020, 'd', "next");
    kernel.u64(BASE + 0x1000, BASE).u64(BASE + 0x1008, BASE);

    TypedGlobal states = globals().variables().getFirst();
    assertThat(states.base()).isEqualTo(text);
    assertThat(states.layers()).containsExactly(Layer.CONST, Layer.POINTER, Layer.CONST);
    assertThat(states.counts()).containsExactly(2L);
    assertThat(states.isExternal()).isFalse();
  }

  @Test
  void anElementOfZerosEndsATable() throws IOException {
    types.struct("trace_print_flags", 16).end();
    symbol(BASE + 0x1000, 'D', "pageflag_names");
    symbol(BASE + 0x1060, 'D', "next");
    kernel.u64(BASE + 0x1000, 1).u64(BASE + 0x1010, 2);

    assertThat(globals().variables().getFirst().counts()).containsExactly(3L);
  }

  @Test
  void textEndsAtItsNul() throws IOException {
    symbol(BASE + 0x1000, 'D', "linux_banner");
    kernel.text(BASE + 0x1000, "Linux version 6.1");

    assertThat(globals().variables().getFirst().counts()).containsExactly(18L);
  }

  @Test
  void whatCantBeReadIsLeftOut() throws IOException {
    symbol(BASE + 0x1000, 'D', "linux_banner");
    kernel.lostFrom(BASE + 0x1000);

    assertThat(globals().leftOut()).containsEntry("linux_banner", "its text has no end");
  }

  @Test
  void theVariablesOfEachCpu() throws IOException {
    int rq = types.struct("rq", 64).end();
    int queues = types.variable("runqueues", rq);
    types.section(".data..percpu", queues, 0x40, 64, types.variable("far", rq), 0x41, 64);
    symbol(0, 'A', "__per_cpu_start");
    symbol(0x40, 'A', "runqueues");
    symbol(0x80, 'A', "__per_cpu_end");

    Globals globals = globals();
    assertThat(globals.variables()).containsExactly(TypedGlobal.of("runqueues", 0x40, true, rq));
    assertThat(globals.leftOut()).containsEntry("far", "lies outside of the CPUs' areas");
  }

  @Test
  void aStructureWithoutATag() throws IOException {
    int lock = types.typedef("seqcount_raw_spinlock_t", types.struct("seqcount", 4).end());
    int timekeeper = types.struct("timekeeper", 24).end();
    symbol(BASE + 0x1000, 'd', "tk_core");

    assertThat(globals().variables().getFirst().structure())
        .isEqualTo(
            List.of(
                new TypedGlobal.Part("seq", lock, 0, 4),
                new TypedGlobal.Part("timekeeper", timekeeper, 8, 24)));
  }

  @Test
  void everyLineOfTheTableIsUnderstood() {
    assertThat(GlobalTable.read()).hasSizeGreaterThan(300);
    GlobalTable.read()
        .values()
        .forEach(
            entries ->
                entries.forEach(
                    entry -> {
                      Declared declared = Declared.parse(entry.type());
                      assertThat(declared.base().isEmpty())
                          .isNotEqualTo(declared.parts().isEmpty());
                      assertThat(declared.dimensions().stream().filter(String::isEmpty).count())
                          .isLessThan(2);
                      assertThat(entry.rule()).matches("|trimmed|terminated|text|LENGTH\\(\\w+\\)");
                    }));
  }
}
