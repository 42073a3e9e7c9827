package org.vmcore.debuginfo.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.KernelDump.BASE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.debuginfo.DebugInfo;
import org.vmcore.debuginfo.DebugInfo.Modules;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.testing.BtfBuilder;
import org.vmcore.testing.ElfSections;
import org.vmcore.testing.KallsymsBytes;
import org.vmcore.testing.KallsymsBytes.Scheme;
import org.vmcore.testing.KernelDump;

/** A kernel with one module. */
class ModuleFilesTest {
  private static final long HEAD = BASE + 0x5010;
  private static final long BTF_HEAD = BASE + 0x5020;
  private static final long BTF = BASE + 0x8_0000;
  private static final long MODULE = BASE + 0x10_0000;

  /** Members of struct module. */
  private static final int KALLSYMS = 0x1c8;

  private static final int LAYOUT = 0x400;
  private static final int SECTIONS = 0x410;
  private static final int ORCS = 0x418;

  /** The module's memory: code, notes, unwind tables, data. */
  private static final long CODE = MODULE + 0x1000;

  private static final long END = MODULE + 0x2000;

  /** Where the kernel keeps what is told here of the module. */
  private static final long TOLD = MODULE + 0x8000;

  @TempDir Path folder;

  private final BtfBuilder types = new BtfBuilder();
  private final int text = types.pointer(types.signed("char", 1));
  private final int word = types.unsigned("long unsigned int", 8);
  private final int number = types.unsigned("unsigned int", 4);
  private final KernelDump kernel = new KernelDump().infoSymbol("_stext", BASE);

  private int attribute(boolean hasPrivate) {
    int name = types.struct("attribute", 16).member("name", text, 0).end();
    BtfBuilder.Members members =
        types.struct("bin_attribute", 32).member("attr", name, 0).member("size", word, 16);
    return (hasPrivate ? members.member("private", types.pointer(0), 24) : members).end();
  }

  private void structModule(int sections) {
    int sized =
        types.struct("module_layout", 16).member("base", word, 0).member("size", number, 8).end();
    int arch = types.struct("mod_arch_specific", 4).member("num_orcs", number, 0).end();
    types
        .struct("module", 0x500)
        .member("core_layout", sized, LAYOUT)
        .member("sect_attrs", types.pointer(sections), SECTIONS)
        .member("arch", arch, ORCS)
        .end();
  }

  /** As up to 6.13. */
  private void counted() {
    int each =
        types
            .struct("module_sect_attr", 40)
            .member("battr", attribute(false), 0)
            .member("address", word, 32)
            .end();
    structModule(
        types
            .struct("module_sect_attrs", 8)
            .member("nsections", number, 0)
            .member("attrs", types.array(each, 0), 8)
            .end());
    kernel.u32(TOLD, 7);
    section(0, ".text", CODE);
    section(1, ".note.gnu.build-id", CODE + 0x100);
    section(2, ".orc_unwind", CODE + 0x200);
    section(3, ".data\033", CODE + 0x300);
    section(4, ".init.text", END + 0x1000);
    section(5, ".bss", CODE + 0x800);
    section(6, ".orc_header", CODE + 0x780);
  }

  private void section(int index, String name, long address) {
    long at = TOLD + 8 + 40L * index;
    kernel.u64(at, TOLD + 0x1000 + 0x40L * index).text(TOLD + 0x1000 + 0x40L * index, name);
    kernel.u64(at + 32, address);
  }

  private void module(String name) {
    kernel.u64(HEAD, MODULE + 8).u64(HEAD + 8, MODULE + 8);
    kernel.u64(MODULE + 8, HEAD).u64(MODULE + 16, HEAD).text(MODULE + 24, name);
    kernel.u64(MODULE + LAYOUT, CODE).u32(MODULE + LAYOUT + 8, END - CODE);
    kernel.u64(MODULE + SECTIONS, TOLD).u32(MODULE + ORCS, 2);
    long own = MODULE + KALLSYMS + 8;
    long symtab = MODULE + 0x4000;
    long strtab = MODULE + 0x5000;
    long typetab = MODULE + 0x6000;
    kernel.u64(MODULE + KALLSYMS, own);
    kernel.u64(own, symtab).u32(own + 8, 4).u64(own + 16, strtab).u64(own + 24, typetab);
    kernel.text(strtab + 1, "probe").text(strtab + 0x20, "state").text(strtab + 0x40, "start");
    symbol(symtab + 24, 1, CODE + 0x10, 0x20);
    symbol(symtab + 48, 0x20, CODE + 0x308, 8);
    symbol(symtab + 72, 0x40, END + 0x1000, 8);
    kernel.u8(typetab + 1, 't').u8(typetab + 2, 'D').u8(typetab + 3, 't');
    kernel.u64(CODE + 0x10, 0x1122_3344_5566_7788L);
    kernel.u32(CODE + 0x100, 4).u32(CODE + 0x104, 20).u32(CODE + 0x108, 3);
    kernel.bytes(CODE + 0x10c, "GNU\0abcdefghijklmnopqrst".getBytes(StandardCharsets.US_ASCII));
  }

  private void symbol(long at, int name, long value, long size) {
    kernel.u32(at, name).u16(at + 6, 1).u64(at + 8, value).u64(at + 16, size);
  }

  private Modules written() throws IOException {
    kernel.bytes(BTF, types.build());
    new KallsymsBytes(Scheme.PERCPU_SIGNED)
        .add(BASE, 'T', "_text")
        .add(BASE, 'T', "_stext")
        .add(HEAD, 'D', "modules")
        .add(BTF_HEAD, 'D', "btf_modules")
        .add(BTF, 'R', "__start_BTF")
        .add(BASE + 0xf_0000, 'B', "_end")
        .writeTo(kernel);
    Path dump = kernel.dump().writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump)) {
      return DebugInfo.of(vmcore, Kernel.of(vmcore)).modules(folder.resolve("modules"));
    }
  }

  private ElfSections file(String name) throws IOException {
    return ElfSections.of(folder.resolve("modules").resolve(name));
  }

  @Test
  void sectionsHaveTheBytesOfMemory() throws IOException {
    counted();
    module("virtio");

    assertThat(written().files()).isEqualTo(1);
    ElfSections file = file("virtio.ko");
    assertThat(file.sections().keySet())
        .containsExactly(
            ".text",
            ".note.gnu.build-id",
            ".orc_unwind",
            ".data_",
            ".orc_header",
            ".bss",
            ".symtab",
            ".strtab",
            ".shstrtab");
    assertThat(file.section(".text").size()).isEqualTo(0x100);
    assertThat(file.section(".text").address()).isZero();
    assertThat(file.section(".text").bytes()[0x10]).isEqualTo((byte) 0x88);
    assertThat(file.section(".note.gnu.build-id").type()).isEqualTo(7);
    assertThat(file.section(".note.gnu.build-id").size()).isEqualTo(36);
    assertThat(file.section(".orc_unwind").size()).isEqualTo(12);
    assertThat(file.section(".orc_header").size()).isEqualTo(20);
    assertThat(file.section(".bss").type()).isEqualTo(8);
    assertThat(file.section(".bss").size()).isEqualTo(0x800);
  }

  @Test
  void symbolsCountFromTheirSections() throws IOException {
    counted();
    module("virtio");
    written();

    assertThat(file("virtio.ko").symbols())
        .containsEntry("probe", new ElfSections.Symbol(0, 2, 1, 0x10, 0x20))
        .containsEntry("state", new ElfSections.Symbol(1, 1, 4, 8, 8))
        .doesNotContainKey("start");
    assertThat(file("virtio.ko").section(".symtab").info()).isEqualTo(8);
  }

  @Test
  void sinceThePointersEndWithNull() throws IOException {
    int attribute = attribute(true);
    int group =
        types
            .struct("attribute_group", 48)
            .member("bin_attrs", types.pointer(types.pointer(attribute)), 40)
            .end();
    structModule(types.struct("module_sect_attrs", 48).member("grp", group, 0).end());
    module("virtio");
    kernel.u64(TOLD + 40, TOLD + 0x100).u64(TOLD + 0x100, TOLD + 0x200);
    kernel.u64(TOLD + 0x200, TOLD + 0x300).text(TOLD + 0x300, ".text").u64(TOLD + 0x218, CODE);

    written();

    assertThat(file("virtio.ko").section(".text").size()).isEqualTo(0x1000);
  }

  @Test
  void addressesAreRelocatedAgainstTheirSections() throws IOException {
    counted();
    int node = types.struct("list_head", 16).member("next", word, 0).end();
    types
        .struct("btf_module", 24)
        .member("list", node, 0)
        .member("btf", types.pointer(0), 16)
        .end();
    types
        .struct("btf", 64)
        .member("data", word, 0)
        .member("data_size", number, 8)
        .member("start_id", number, 12)
        .member("name", types.array(types.signed("char", 1), 16), 16)
        .end();
    BtfBuilder own = new BtfBuilder(types);
    own.function("probe", own.prototype(number, "nr", word));
    byte[] table = own.build();
    module("virtio");
    kernel.bytes(TOLD + 0x4000, table);
    kernel.u64(BTF_HEAD, TOLD + 0x3000).u64(TOLD + 0x3000, BTF_HEAD);
    kernel.u64(TOLD + 0x3010, TOLD + 0x3100).u64(TOLD + 0x3100, TOLD + 0x4000);
    kernel.u32(TOLD + 0x3108, table.length).u32(TOLD + 0x310c, types.nextId());
    kernel.text(TOLD + 0x3110, "virtio");

    assertThat(written().findings()).isEmpty();
    ByteBuffer relocations =
        ByteBuffer.wrap(file("virtio.ko").section(".rela.debug_info").bytes())
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(relocations.limit()).isEqualTo(2 * 24); // of the unit and of the function
    int at = (int) relocations.getLong(24);
    assertThat(relocations.getLong(32)).isEqualTo(1L << 32 | 1); // .text, R_X86_64_64
    assertThat(relocations.getLong(40)).isEqualTo(0x10);
    ByteBuffer info = ByteBuffer.wrap(file("virtio.ko").section(".debug_info").bytes());
    assertThat(info.getLong(at)).isZero();
  }

  @Test
  void aNameLeadsNowhereElse() {
    assertThat(ModuleFiles.fileName("../../etc/x\033[2J")).isEqualTo("_._.._etc_x__2J.ko");
  }

  @Test
  void whatCantBeReadOfOneIsTold() throws IOException {
    counted();
    module("virtio");
    kernel.u64(MODULE + SECTIONS, 0x6b6b_6b6b_6b6b_6b6bL);

    Modules written = written();
    assertThat(written.files()).isZero();
    assertThat(written.findings())
        .extracting(Finding::message)
        .anyMatch(message -> message.startsWith("module virtio: number at 0x6b6b6b6b6b6b6b6b"));
  }

  @Test
  void aNumberOfSectionsThatLies() throws IOException {
    counted();
    module("virtio");
    kernel.u32(TOLD, 0xffff_ffffL);

    assertThat(written().findings())
        .extracting(Finding::message)
        .anyMatch(message -> message.contains("4294967295 sections"));
  }
}
