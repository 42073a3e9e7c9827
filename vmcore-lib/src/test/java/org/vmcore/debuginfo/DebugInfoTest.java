package org.vmcore.debuginfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.vmcore.debuginfo.DebugInfoKernel.BSS;
import static org.vmcore.debuginfo.DebugInfoKernel.DATA;
import static org.vmcore.debuginfo.DebugInfoKernel.END;
import static org.vmcore.debuginfo.DebugInfoKernel.INIT;
import static org.vmcore.debuginfo.DebugInfoKernel.MOVED;
import static org.vmcore.debuginfo.DebugInfoKernel.NOTES;
import static org.vmcore.debuginfo.DebugInfoKernel.RODATA;
import static org.vmcore.debuginfo.DebugInfoKernel.TEXT;
import static org.vmcore.testing.KernelDump.BASE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.arch.Machine;
import org.vmcore.debuginfo.DebugInfo.Stored;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.ElfSections;
import org.vmcore.testing.ElfSections.Section;
import org.vmcore.testing.ElfSections.Symbol;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

class DebugInfoTest {
  private static final int LOCAL = 0;
  private static final int GLOBAL = 1;
  private static final int WEAK = 2;
  private static final int OBJECT = 1;
  private static final int FUNC = 2;
  private static final int PROGBITS = 1;
  private static final int NOTE = 7;
  private static final int NOBITS = 8;

  @TempDir Path folder;

  /** What is done with a dump's debug file. */
  @FunctionalInterface
  private interface Use<T> {
    T of(DebugInfo info) throws VmcoreException;
  }

  private <T> T with(DumpBuilder dump, Use<T> use) throws IOException {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      return use.of(DebugInfo.of(vmcore, Kernel.of(vmcore)));
    }
  }

  private ElfSections written(Use<DebugInfo> how) throws IOException {
    Path file = folder.resolve("vmlinux");
    with(
        new DebugInfoKernel().memory().dump(),
        info -> {
          how.of(info).write(file);
          return file;
        });
    return ElfSections.of(file);
  }

  private static ByteBuffer bytes(Section section) {
    return ByteBuffer.wrap(section.bytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void sectionsOfTheImage() throws IOException {
    ElfSections file = written(info -> info);

    assertThat(file.sections().keySet())
        .containsExactly(
            ".data..percpu",
            ".text",
            ".rodata",
            ".notes",
            ".rodata.2",
            ".data",
            ".init.text",
            ".init.data",
            ".bss",
            ".brk",
            ".symtab",
            ".strtab",
            ".shstrtab");
    assertThat(file.section(".text").address()).isEqualTo(TEXT - MOVED);
    assertThat(file.section(".text").bytes()).hasSize(0x1800).containsOnly((byte) 0xcc);
    assertThat(bytes(file.section(".data")).getLong(0x80)).isEqualTo(0x1122_3344_5566_7788L);
    assertThat(file.section(".notes").type()).isEqualTo(NOTE);
    assertThat(file.section(".bss").type()).isEqualTo(NOBITS);
    assertThat(file.section(".brk").address() + file.section(".brk").size()).isEqualTo(END - MOVED);
  }

  /** What the kernel has freed is something else's by now. */
  @Test
  void initIsZeros() throws IOException {
    Section init = written(info -> info).section(".init.text");

    assertThat(init.type()).isEqualTo(PROGBITS);
    assertThat(init.bytes()).hasSize(0x1000).containsOnly((byte) 0);
  }

  @Test
  void symbols() throws IOException {
    ElfSections file = written(info -> info);
    int text = file.section(".text").index();

    assertThat(file.symbols())
        .containsEntry("helper", new Symbol(LOCAL, FUNC, text, TEXT + 0x10 - MOVED, 0x30))
        .containsEntry("weak", new Symbol(WEAK, FUNC, text, TEXT + 0x40 - MOVED, 0x17c0))
        .containsEntry("_text", new Symbol(GLOBAL, FUNC, text, TEXT - MOVED, 0x10))
        .containsEntry(
            "table",
            new Symbol(LOCAL, OBJECT, file.section(".data").index(), DATA + 0x80 - MOVED, 0xf80));
    assertThat(file.symbols().get("_end").value()).isEqualTo(END - MOVED);
    assertThat(file.symbols().get("counter")).isEqualTo(new Symbol(GLOBAL, OBJECT, 1, 0x40, 0xc0));
    long locals = file.symbols().values().stream().filter(each -> each.binding() == LOCAL).count();
    assertThat(file.section(".symtab").info()).isEqualTo((int) locals + 10);
  }

  /** drgn takes the kernel's range from the first PT_LOAD and the last one. */
  @Test
  void perCpuVariablesAreNeitherFirstNorLast() throws IOException {
    long[] loads = written(info -> info).segments(1);

    assertThat(loads).hasSize(10).startsWith(TEXT - MOVED, 0, RODATA - MOVED);
    assertThat(loads).endsWith(INIT + 0x1000 - MOVED, BSS - MOVED, BSS + 0x1_0000 - MOVED);
    assertThat(written(info -> info.force(true)).segments(4)).containsExactly(NOTES - MOVED);
  }

  @Test
  void forGdbWhereItRan() throws IOException {
    ElfSections file = written(info -> info.purpose(Purpose.GDB));

    assertThat(file.section(".text").address()).isEqualTo(TEXT);
    assertThat(file.symbols().get("helper").value()).isEqualTo(TEXT + 0x10);
    assertThat(file.symbols().get("counter").value()).isEqualTo(0x40);
  }

  /** An entry for each function, which says what ORC does. */
  @Test
  void framesForGdb() throws IOException {
    long ips = RODATA + 0x200;
    long entries = RODATA + 0x300;
    DebugInfoKernel kernel = new DebugInfoKernel();
    kernel.add(ips, 'R', "__start_orc_unwind_ip").add(ips + 12, 'R', "__stop_orc_unwind_ip");
    kernel.add(entries, 'R', "__start_orc_unwind").add(entries + 18, 'R', "__stop_orc_unwind");
    KernelDump memory = kernel.memory();
    memory.u32(ips, TEXT - ips).u32(ips + 4, TEXT + 0x11 - ips - 4).u32(ips + 8, END - ips - 8);
    memory.u16(entries, 8).u16(entries + 4, 0x105);
    memory.u16(entries, 8).u16(entries + 4, 5).u16(entries + 6, 16).u16(entries + 8, -16);
    memory.u16(entries + 10, 0x15).u16(entries + 12, 8).u16(entries + 16, 5);
    Path file = folder.resolve("vmlinux");

    with(memory.dump(), info -> info.purpose(Purpose.GDB).write(file));

    ByteBuffer frames = bytes(ElfSections.of(file).section(".debug_frame"));
    assertThat(frames.limit()).isEqualTo(0x30 + 4 * 0x20);
    assertThat(frames.getInt(4)).isEqualTo(-1);
    int helper = 0x30;
    assertThat(frames.getLong(helper + 8)).isEqualTo(TEXT + 0x10);
    assertThat(frames.getLong(helper + 16)).isEqualTo(0x30);
    byte[] instructions = new byte[8];
    frames.get(helper + 24, instructions);
    assertThat(instructions).containsExactly(0x41, 0x0e, 0x10, 0x86, 2, 0, 0, 0);
  }

  /** drgn reads it in a small file as well. */
  @Test
  void withoutTextOrcIsCompressed() throws IOException {
    DebugInfoKernel kernel = new DebugInfoKernel();
    long ips = RODATA + 0x200;
    kernel.add(ips, 'R', "__start_orc_unwind_ip").add(ips + 12, 'R', "__stop_orc_unwind_ip");
    KernelDump memory = kernel.memory();
    memory.u32(ips, 0x1111_1111).u32(ips + 4, 0x2222_2222).u32(ips + 8, 0x3333_3333);
    Path path = folder.resolve("vmlinux");
    with(memory.dump(), info -> info.withoutText().write(path));

    Section orc = ElfSections.of(path).section(".orc_unwind_ip");
    assertThat(orc.flags()).isEqualTo(0x800);
    assertThat(orc.address()).isEqualTo(ips - MOVED);
    assertThat(bytes(orc).getInt(4)).isEqualTo(0x2222_2222);
    assertThat(orc.bytes()).hasSize(12);
  }

  /** ORC leaves it out: its first instructions push two words, and take 16 bytes. */
  @Test
  void theFrameOfCrashKexec() throws IOException {
    long ips = RODATA + 0x200;
    long entries = RODATA + 0x300;
    long crash = TEXT + 0x20;
    DebugInfoKernel kernel = new DebugInfoKernel();
    kernel.add(ips, 'R', "__start_orc_unwind_ip").add(ips + 8, 'R', "__stop_orc_unwind_ip");
    kernel.add(entries, 'R', "__start_orc_unwind").add(crash, 'T', "__crash_kexec");
    KernelDump memory = kernel.memory();
    memory.u32(ips, TEXT - ips).u32(ips + 4, END - ips - 4);
    memory.u16(entries, 8).u16(entries + 4, 0x105).u16(entries + 6, 8).u16(entries + 10, 5);
    memory.bytes(crash, HexFormat.of().parseHex("415453" + "4883ec10" + "c3"));
    Path file = folder.resolve("vmlinux");

    with(memory.dump(), info -> info.purpose(Purpose.GDB).write(file));

    ByteBuffer frames = bytes(ElfSections.of(file).section(".debug_frame"));
    int last = frames.limit() - 0x20;
    assertThat(frames.getLong(last + 8)).isEqualTo(crash);
    byte[] instructions = new byte[3];
    frames.get(last + 24, instructions);
    assertThat(instructions).containsExactly(0x0e, 40, 0);
  }

  /** x29 leads from record to record, whatever the function. */
  @Test
  void framesOfArm64() throws IOException {
    Path file = folder.resolve("vmlinux");
    with(
        new DebugInfoKernel().memory().dump().machine(Machine.ARM64),
        info -> info.purpose(Purpose.GDB).write(file));

    ByteBuffer frames = bytes(ElfSections.of(file).section(".debug_frame"));
    byte[] common = new byte[16];
    frames.get(8, common);
    assertThat(common)
        .startsWith(1, 0, 4, 0x78, 30, 0x0c, 29, 16, 0x80 | 29, 2, 0x80 | 30, 1)
        .endsWith(0, 0, 0, 0);
    assertThat(frames.getInt(24 + 4)).isZero();
    assertThat(frames.getLong(24 + 8)).isEqualTo(TEXT);
    assertThat(frames.getLong(24 + 16)).isEqualTo(0x10);
  }

  @Test
  void withoutFramesWhereOrcIsDamaged() throws IOException {
    DebugInfoKernel kernel = new DebugInfoKernel();
    long table = RODATA + 0x200;
    kernel.add(table, 'R', "__start_orc_unwind_ip").add(table + 12, 'R', "__stop_orc_unwind_ip");
    kernel.add(table + 12, 'R', "__start_orc_unwind");
    Path file = folder.resolve("vmlinux");

    DebugFile made = with(kernel.memory().dump(), info -> info.purpose(Purpose.GDB).write(file));

    assertThat(made.findings())
        .extracting(Finding::message)
        .contains("no .debug_frame: the kernel's ORC table is of no known form");
    assertThat(ElfSections.of(file).sections()).doesNotContainKey(".debug_frame");
  }

  /** A name that another one ends with has no bytes of its own. */
  @Test
  void namesAreShared() throws IOException {
    DebugInfoKernel kernel = new DebugInfoKernel();
    kernel.add(TEXT + 0x50, 't', "__pfx_run").add(TEXT + 0x60, 't', "run");
    kernel.add(TEXT + 0x70, 't', "run").add(TEXT + 0x80, 't', "outrun");
    Path path = folder.resolve("vmlinux");
    with(kernel.memory().dump(), info -> info.write(path));

    ElfSections file = ElfSections.of(path);
    String names = new String(file.section(".strtab").bytes(), StandardCharsets.US_ASCII);
    assertThat(names).containsOnlyOnce("\0__pfx_run\0").containsOnlyOnce("\0outrun\0");
    assertThat(names).doesNotContain("\0run\0");
    assertThat(file.symbols().get("run").value()).isEqualTo(TEXT + 0x70 - MOVED);
    assertThat(file.symbols()).containsKeys("__pfx_run", "outrun", "_text", "counter");
  }

  /** Of what isn't in a small file its symbols aren't, either. */
  @Test
  void withoutTextWithoutSymbolsOfPadding() throws IOException {
    DebugInfoKernel kernel = new DebugInfoKernel();
    kernel.add(TEXT + 0x50, 't', "__pfx_run").add(TEXT + 0x60, 't', "run");
    kernel.add(RODATA + 0x10, 'r', "__ksymtab_run").add(RODATA + 0x20, 'r', "__kstrtab_run");
    Path path = folder.resolve("vmlinux");
    with(kernel.memory().dump(), info -> info.withoutText().write(path));

    assertThat(ElfSections.of(path).symbols().keySet())
        .contains("run")
        .doesNotContain("__pfx_run", "__ksymtab_run", "__kstrtab_run");
  }

  @Test
  void withoutText() throws IOException {
    ElfSections file = written(DebugInfo::withoutText);

    assertThat(file.section(".text.rest").type()).isEqualTo(NOBITS);
    assertThat(file.section(".data").bytes()).containsOnly((byte) 0);
    Section constants = file.section(".rodata");
    long banner = file.symbols().get("linux_banner").value() - constants.address();
    assertThat(new String(constants.bytes(), (int) banner, 13, StandardCharsets.US_ASCII))
        .isEqualTo("Linux version");
    assertThat(file.sections()).doesNotContainKey(".BTF");
  }

  @Test
  void buildIdOfTheNotes() throws IOException {
    DebugFile made =
        with(new DebugInfoKernel().memory().dump(), info -> info.write(folder.resolve("vmlinux")));

    assertThat(made.buildId()).contains("6162636465666768696a6b6c6d6e6f7071727374");
    assertThat(made.bytes()).isEqualTo(Files.size(folder.resolve("vmlinux")));
    assertThat(made.missing().total()).isZero();
  }

  @Test
  void notesThatAnotherSectionLiesIn() throws IOException {
    DebugInfoKernel kernel =
        new DebugInfoKernel()
            .add(NOTES + 16, 'R', "__start_orc_header")
            .add(NOTES + 24, 'R', "__stop_orc_header");

    with(kernel.memory().dump(), info -> info.write(folder.resolve("vmlinux")));

    ElfSections file = ElfSections.of(folder.resolve("vmlinux"));
    assertThat(file.section(".notes").bytes())
        .containsExactly(4, 0, 0, 0, 20, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0);
    assertThat(file.section(".orc_header").bytes()).asString().isEqualTo("abcdefgh");
    assertThat(file.section(".notes.2").bytes()).asString().isEqualTo("ijklmnopqrst");
  }

  @Test
  void withoutNotesThatOfVmcoreinfo() throws IOException {
    DumpBuilder dump =
        new DebugInfoKernel()
            .memory()
            .info("BUILD-ID=0102030405060708")
            .without(NOTES, NOTES + 0x800)
            .dump();

    DebugFile made = with(dump, info -> info.write(folder.resolve("vmlinux")));

    assertThat(made.buildId()).contains("0102030405060708");
    Section notes = ElfSections.of(folder.resolve("vmlinux")).section(".notes");
    assertThat(notes.type()).isEqualTo(NOTE);
    assertThat(notes.bytes())
        .containsExactly(
            4, 0, 0, 0, 8, 0, 0, 0, 3, 0, 0, 0, 'G', 'N', 'U', 0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(made.findings())
        .extracting(Finding::message)
        .contains("0x800 bytes of the kernel's image aren't in the dump: zeros in the file");
  }

  @Test
  void lostBytesAreZerosAndTold() throws IOException {
    DumpBuilder dump = new DebugInfoKernel().memory().lostFrom(DATA + 0x800).dump();

    DebugFile made = with(dump, info -> info.write(folder.resolve("vmlinux")));

    assertThat(made.missing().lost()).isEqualTo(0x800);
    assertThat(made.findings())
        .anySatisfy(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
              assertThat(finding.message())
                  .startsWith("0x800 bytes of the kernel's image are lost, zeros in the file: ");
            });
  }

  @Test
  void symbolsThatLieNowhereAreLeftOut() throws IOException {
    DebugInfoKernel kernel = new DebugInfoKernel().add(END + 0x1000, 'B', "behind");

    DebugFile made = with(kernel.memory().dump(), info -> info.write(folder.resolve("vmlinux")));

    assertThat(made.findings())
        .extracting(Finding::severity, Finding::message)
        .contains(tuple(Finding.Severity.INFO, "1 symbol lies in no section: left out"));
    assertThat(ElfSections.of(folder.resolve("vmlinux")).symbols()).doesNotContainKey("behind");
  }

  /** x86_64 has .exit.text behind the data that is freed. */
  @Test
  void freedCodeIsNotInInitTextAlone() throws IOException {
    DebugInfoKernel kernel =
        new DebugInfoKernel()
            .add(INIT + 0x1800, 'd', "freed")
            .add(INIT + 0x2000, 't', "exit_fs")
            .add(BSS + 0x100, 't', "elsewhere");
    Path file = folder.resolve("vmlinux");

    with(kernel.memory().dump(), info -> info.write(file));

    assertThat(ElfSections.of(file).symbols().get("exit_fs").type()).isEqualTo(FUNC);
    assertThat(ElfSections.of(file).symbols().get("freed").type()).isEqualTo(OBJECT);
    assertThat(ElfSections.of(file).symbols().get("elsewhere").type()).isEqualTo(OBJECT);
  }

  /** Linux 7 gives data a letter of code. */
  @Test
  void dataIsNoCodeWhateverItsLetter() throws IOException {
    DebugInfoKernel kernel = new DebugInfoKernel().add(DATA + 0x200, 'T', "text_like");
    Path file = folder.resolve("vmlinux");

    with(kernel.memory().dump(), info -> info.write(file));

    assertThat(ElfSections.of(file).symbols().get("text_like").type()).isEqualTo(OBJECT);
  }

  @Test
  void withoutTypesItIsNotForCrash() throws IOException {
    DumpBuilder dump = new DebugInfoKernel().memory().dump();

    DebugFile made = with(dump, info -> info.write(folder.resolve("vmlinux")));

    assertThat(made.types()).isZero();
    assertThat(made.findings())
        .extracting(Finding::severity, Finding::message)
        .contains(
            tuple(
                Finding.Severity.ERROR,
                "the file has no types: it is of use for symbols alone, and not to crash"));
  }

  @Test
  void storedByItsBuildIdOnce() throws IOException {
    DumpBuilder dump = new DebugInfoKernel().memory().dump();

    Stored stored = with(dump, info -> info.store(folder.resolve("store")));

    Path file = folder.resolve("store/.build-id/61/62636465666768696a6b6c6d6e6f7071727374.debug");
    assertThat(stored.file()).isEqualTo(file).exists();
    assertThat(stored.made()).isPresent();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(with(dump, info -> info.store(folder.resolve("store"))).made()).isEmpty();
    assertThat(with(dump, info -> info.force(true).store(folder.resolve("store"))).made())
        .isPresent();
  }

  @Test
  void otherMachinesAreRefusedByNameWhereverTheirKernelIs() {
    DumpBuilder dump =
        new DebugInfoKernel()
            .memory()
            .withoutInfo("KERNELOFFSET")
            .info("KERNELOFFSET=123")
            .dump()
            .machine(Machine.RISCV);

    assertThatThrownBy(() -> with(dump, info -> info.write(folder.resolve("vmlinux"))))
        .isInstanceOf(VmcoreException.class)
        .hasMessageEndingWith("a kernel of riscv64: a vmlinux is made of x86_64's and arm64's");
  }

  @Test
  void offsetsThatNoKernelIsMovedByAreRefused() {
    DumpBuilder dump =
        new DebugInfoKernel().memory().withoutInfo("KERNELOFFSET").info("KERNELOFFSET=123").dump();

    assertThatThrownBy(() -> with(dump, info -> info.write(folder.resolve("vmlinux"))))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("KERNELOFFSET is 0x123");
    assertThat(folder.resolve("vmlinux")).doesNotExist();
  }

  @Test
  void imagesThatAreTooLargeAreRefused() {
    KernelDump kernel = new KernelDump().infoSymbol("_stext", BASE);
    KallsymsBytes symbols = new KallsymsBytes(Scheme.PLACE_RELATIVE);
    symbols.add(BASE, 'T', "_stext").add(BASE + 0x4000_1000, 'B', "_end").writeTo(kernel);

    assertThatThrownBy(() -> with(kernel.dump(), info -> info.write(folder.resolve("vmlinux"))))
        .hasMessageContaining("_end lies 0x40001000 bytes behind _text: no image is that large");
  }
}
