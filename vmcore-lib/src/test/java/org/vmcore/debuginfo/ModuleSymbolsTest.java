package org.vmcore.debuginfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.debuginfo.DebugInfoKernel.BSS;
import static org.vmcore.debuginfo.DebugInfoKernel.DATA;
import static org.vmcore.debuginfo.DebugInfoKernel.TEXT;
import static org.vmcore.testing.KernelDump.BASE;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.ElfSections;
import org.vmcore.testing.ElfSections.Section;
import org.vmcore.testing.ElfSections.Symbol;
import org.vmcore.testing.KernelDump;

/** The symbols of modules in a vmlinux for gdb. */
class ModuleSymbolsTest {
  private static final long HEAD = DATA + 0x100;
  private static final long BTF = BSS + 0x8000;
  private static final long FIRST = BASE + 0x10_0000;
  private static final long SECOND = BASE + 0x14_0000;

  /** Members of struct module. */
  private static final int KALLSYMS = 0x1c8;

  private static final int MEMORY = 0x400;

  /** Its memory, behind it. */
  private static final int CODE = 0x1_0000;

  private static final int FUNC = 2;
  private static final int OBJECT = 1;
  private static final int NOBITS = 8;
  private static final long WRITE_ALLOC = 3;
  private static final long ALLOC_EXECINSTR = 6;

  @TempDir Path folder;

  private final BtfBuilder types = new BtfBuilder();
  private final int word = types.unsigned("long unsigned int", 8);
  private final int number = types.unsigned("unsigned int", 4);
  private KernelDump memory = new KernelDump();

  @BeforeEach
  void kernel() {
    memory =
        new DebugInfoKernel()
            .add(HEAD, 'D', "modules")
            .add(BTF, 'R', "__start_BTF")
            .memory()
            .u64(HEAD, FIRST + 8)
            .u64(HEAD + 8, SECOND + 8);
    list(FIRST, HEAD, SECOND + 8);
    list(SECOND, FIRST + 8, HEAD);
  }

  private void list(long module, long before, long behind) {
    memory.u64(module + 8, behind).u64(module + 16, before);
  }

  private void core(String textSize) {
    int layout =
        types
            .struct("module_layout", 16)
            .member("base", word, 0)
            .member("size", number, 8)
            .member(textSize, number, 12)
            .end();
    types.struct("module", 0x500).member("core_layout", layout, MEMORY).end();
  }

  private void module(long at, String name, long base, int size, int text) {
    memory.text(at + 24, name);
    memory.u64(at + MEMORY, base).u32(at + MEMORY + 8, size).u32(at + MEMORY + 12, text);
    long own = at + KALLSYMS + 8;
    memory.u64(at + KALLSYMS, own);
    memory.u64(own, at + 0x4000).u32(own + 8, 1).u64(own + 16, at + 0x5000);
    memory.u64(own + 24, at + 0x6000);
  }

  private void symbol(long module, int index, char type, String name, long value, long size) {
    int text = 0x40 * index;
    memory.u32(module + KALLSYMS + 16, index + 1);
    memory.u8(module + 0x6000 + index, type);
    memory.bytes(module + 0x5000 + text, name.getBytes(StandardCharsets.US_ASCII));
    memory.u32(module + 0x4000 + 24L * index, text).u16(module + 0x4006 + 24L * index, 1);
    memory.u64(module + 0x4008 + 24L * index, value).u64(module + 0x4010 + 24L * index, size);
  }

  private DebugFile made(Purpose purpose) throws IOException {
    memory.bytes(BTF, types.build());
    try (Vmcore vmcore = Vmcore.open(memory.dump().writeTo(folder.resolve("vmcore")))) {
      return DebugInfo.of(vmcore, Kernel.of(vmcore))
          .purpose(purpose)
          .force(true)
          .write(folder.resolve("vmlinux"));
    }
  }

  private ElfSections file(Purpose purpose) throws IOException {
    made(purpose);
    return ElfSections.of(folder.resolve("vmlinux"));
  }

  private void two() {
    core("text_size");
    module(FIRST, "fx", FIRST + CODE, 0x3000, 0x1000);
    module(SECOND, "other", SECOND + CODE, 0x2000, 0x1000);
    symbol(FIRST, 1, 't', "probe", FIRST + CODE + 0x10, 0x20);
    symbol(FIRST, 2, 'T', "fx_start", FIRST + CODE + 0x40, 0);
    symbol(FIRST, 3, 'D', "fx_state", FIRST + CODE + 0x1008, 0x1_0000);
    symbol(SECOND, 1, 't', "probe", SECOND + CODE + 0x80, 0x30);
    symbol(SECOND, 2, 't', "helper", SECOND + CODE + 0xc0, 8);
  }

  @Test
  void sectionsHaveNothingButAddresses() throws IOException {
    two();

    ElfSections file = file(Purpose.GDB);

    assertThat(file.sections()).containsKeys(".text.other", ".data.other");
    Section text = file.section(".text.fx");
    assertThat(text.type()).isEqualTo(NOBITS);
    assertThat(text.flags()).isEqualTo(ALLOC_EXECINSTR);
    assertThat(text.address()).isEqualTo(FIRST + CODE);
    assertThat(text.size()).isEqualTo(0x1000);
    Section data = file.section(".data.fx");
    assertThat(data.flags()).isEqualTo(WRITE_ALLOC);
    assertThat(data.address()).isEqualTo(FIRST + CODE + 0x1000);
    assertThat(data.size()).isEqualTo(0x2000);
    assertThat(file.segments(1)).isNotEmpty().doesNotContain(FIRST + CODE, FIRST + CODE + 0x1000);
  }

  /** One of which no size is told reaches to the section's end, none beyond it. */
  @Test
  void symbolsOfEachModule() throws IOException {
    two();

    ElfSections file = file(Purpose.GDB);

    int text = file.section(".text.fx").index();
    int other = file.section(".text.other").index();
    int data = file.section(".data.fx").index();
    assertThat(file.symbols("probe"))
        .containsExactlyInAnyOrder(
            new Symbol(0, FUNC, text, FIRST + CODE + 0x10, 0x20),
            new Symbol(0, FUNC, other, SECOND + CODE + 0x80, 0x30));
    assertThat(file.symbols("fx_start"))
        .containsExactly(new Symbol(1, FUNC, text, FIRST + CODE + 0x40, 0xfc0));
    assertThat(file.symbols("fx_state"))
        .containsExactly(new Symbol(1, OBJECT, data, FIRST + CODE + 0x1008, 0x1ff8));
    assertThat(file.symbols("helper"))
        .extracting(Symbol::value)
        .containsExactly(TEXT + 0x10, SECOND + CODE + 0xc0);
    long locals = file.section(".symtab").info();
    assertThat(file.symbols("fx_start").getFirst().binding()).isEqualTo(1);
    assertThat(file.symbols().values().stream().filter(each -> each.binding() == 0).count())
        .isLessThanOrEqualTo(locals);
  }

  @Test
  void forCrashAndDrgnThereAreNone() throws IOException {
    two();

    ElfSections file = file(Purpose.CRASH_DRGN);

    assertThat(file.sections()).doesNotContainKeys(".text.fx", ".data.fx");
    assertThat(file.symbols("probe")).isEmpty();
  }

  /** Since 6.4 each kind of memory is apart. */
  @Test
  void kindsOfMemory() throws IOException {
    int kind =
        types.struct("module_memory", 16).member("base", word, 0).member("size", number, 8).end();
    types.struct("module", 0x500).member("mem", types.array(kind, 7), MEMORY).end();
    module(FIRST, "fx", FIRST + CODE, 0x1000, 0);
    module(SECOND, "other", SECOND + CODE, 0x1000, 0);
    memory.u64(FIRST + MEMORY + 16, FIRST + CODE + 0x2000).u32(FIRST + MEMORY + 24, 0x800);
    memory.u64(FIRST + MEMORY + 32, FIRST + CODE + 0x4000).u32(FIRST + MEMORY + 40, 0x400);

    ElfSections file = file(Purpose.GDB);

    assertThat(file.section(".text.fx").size()).isEqualTo(0x1000);
    assertThat(file.section(".data.fx").address()).isEqualTo(FIRST + CODE + 0x2000);
    assertThat(file.section(".data.fx.2").size()).isEqualTo(0x400);
  }

  @Test
  void namesThatAreNoneAreLeftOut() throws IOException {
    two();
    symbol(FIRST, 1, 't', "pro\033be", FIRST + CODE + 0x10, 0x20);

    DebugFile made = made(Purpose.GDB);

    ElfSections file = ElfSections.of(folder.resolve("vmlinux"));
    assertThat(file.symbols("probe")).hasSize(1);
    assertThat(made.findings())
        .extracting(Finding::message)
        .contains("1 symbol lies under a name that is none: left out");
  }

  /** What lies where the kernel or another module does, or wraps, or is too large for any. */
  @Test
  void memoryThatIsNoModules() throws IOException {
    core("other_size");
    module(FIRST, "inside", TEXT - 0x1000, 0x3000, 0);
    module(SECOND, "huge", SECOND + CODE, 0x1000_1000, 0);
    assertThat(file(Purpose.GDB).sections()).doesNotContainKeys(".text.inside", ".text.huge");

    module(FIRST, "first", FIRST + CODE, 0x3000, 0);
    module(SECOND, "first", FIRST + CODE + 0x1000, 0x1000, 0);
    assertThat(file(Purpose.GDB).sections())
        .containsKey(".text.first")
        .doesNotContainKey(".text.first.2");
  }
}
