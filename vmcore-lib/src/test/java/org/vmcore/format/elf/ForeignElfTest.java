package org.vmcore.format.elf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.elf.ElfClass;
import org.vmcore.testing.DumpBuilder;

class ForeignElfTest {
  private static final int NT_AUXV = 6;
  private static final int NT_FILE = 0x4649_4c45;

  @TempDir Path folder;

  private void assertRefused(DumpBuilder elf, String message) throws Exception {
    Path file = elf.writeTo(folder.resolve("elf"));
    assertThatThrownBy(() -> Vmcore.open(file)).hasMessage(file + ": " + message);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void vmlinux(int type) throws Exception {
    assertRefused(
        DumpBuilder.elf64().load(0x1000, 16).vaddr(0xffff_ffff_8100_0000L).set("e_type", type),
        "offset 0x10: e_type is "
            + type
            + ", not 4: not a core file but a kernel's vmlinux: give"
            + " the dump itself");
    assertRefused(
        DumpBuilder.elf32().load(0x8000, 16).vaddr(0xc000_8000L).set("e_type", type),
        "offset 0x10: e_type is "
            + type
            + ", not 4: not a core file but a kernel's vmlinux: give"
            + " the dump itself");
  }

  @Test
  void programs() throws Exception {
    String program = ", not 4: not a core file but a program or library: give the dump itself";
    assertRefused(
        DumpBuilder.elf64().load(0x40_0000, 16).vaddr(0x40_0000).set("e_type", 2),
        "offset 0x10: e_type is 2" + program);
    assertRefused(
        DumpBuilder.elf32().load(0x804_8000, 16).vaddr(0x804_8000).set("e_type", 2),
        "offset 0x10: e_type is 2" + program);
    assertRefused(
        DumpBuilder.elf64().set("e_type", 3).set("e_phoff", -1).set("e_phnum", 1),
        "offset 0x10: e_type is 3" + program);
  }

  @Test
  void aModule() throws Exception {
    assertRefused(
        DumpBuilder.elf64().set("e_type", 1),
        "offset 0x10: e_type is 1, not 4: not a core file but an object file or a kernel's module:"
            + " give the dump itself");
  }

  @ParameterizedTest
  @ValueSource(ints = {NT_AUXV, NT_FILE})
  void theCoreOfAProcess(int note) throws Exception {
    assertRefused(
        DumpBuilder.elf64()
            .prstatus(4711, 11)
            .note("CORE", note, new byte[16])
            .load(0x5000, 16)
            .vaddr(0x5555_5555_5000L)
            .field("p_paddr", 0),
        "the core dump of a process, not of a kernel: gdb reads it");
  }

  @Test
  void aKernelsDumpOfMemoryFrom0OnIsNoProcess() throws Exception {
    Path dump = DumpBuilder.elf64().prstatus(1, 11).load(0, 16).writeTo(folder.resolve("elf"));
    Path noted =
        DumpBuilder.elf64()
            .note("CORE", NT_AUXV, new byte[16])
            .load(0x1000, 16)
            .writeTo(folder.resolve("noted"));

    for (Path each : new Path[] {dump, noted}) {
      try (Vmcore vmcore = Vmcore.open(each)) {
        assertThat(vmcore.format()).isEqualTo("elf");
      }
    }
  }

  /** An ELF file of sections alone: their names, as one string table, are all that it has. */
  private static byte[] sections(ElfClass elfClass, ByteOrder order, String names) {
    boolean is64 = elfClass == ElfClass.ELF64;
    byte[] elf = DumpBuilder.of(elfClass, order).build();
    byte[] table = names.getBytes(StandardCharsets.ISO_8859_1);
    int at = elfClass.headerSize();
    ByteBuffer file = ByteBuffer.allocate(at + elfClass.sectionHeaderSize() + table.length);
    file.order(order).put(elf, 0, at);
    long offset = (long) at + elfClass.sectionHeaderSize();
    if (is64) {
      file.putLong(40, at).putLong(at + 24, offset).putLong(at + 32, table.length);
    } else {
      file.putInt(32, at).putInt(at + 16, (int) offset).putInt(at + 20, table.length);
    }
    file.putShort(at - 6, (short) elfClass.sectionHeaderSize()).putShort(at - 4, (short) 1);
    return file.put((int) offset, table).array();
  }

  @Test
  void xlDumpCore() throws Exception {
    for (ElfClass elfClass : ElfClass.values()) {
      for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
        String names = "\0.note.Xen\0.xen_prstatus\0.xen_pfn\0.xen_pages\0.shstrtab\0";
        Path file = Files.write(folder.resolve("xen"), sections(elfClass, order, names));

        assertThatThrownBy(() -> Vmcore.open(file))
            .hasMessageContaining("a Xen guest dumped by xl dump-core can't be read")
            .hasMessageContaining("xl sysrq GUEST c");
      }
    }
  }

  @Test
  void otherSectionsTellNothing() throws Exception {
    byte[] elf = sections(ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN, "\0.strtab\0");
    Path file = Files.write(folder.resolve("sections"), elf);

    assertThatThrownBy(() -> Vmcore.open(file))
        .hasMessageEndingWith("offset 0x38: e_phnum is 0: no program headers");
  }
}
