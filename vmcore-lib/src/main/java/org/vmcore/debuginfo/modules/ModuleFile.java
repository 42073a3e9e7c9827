package org.vmcore.debuginfo.modules;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.arch.Machine;
import org.vmcore.debuginfo.dwarf.DebugSections;
import org.vmcore.debuginfo.dwarf.ModuleDwarf;
import org.vmcore.debuginfo.elf.ObjectFile;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.Memory;
import org.vmcore.values.Ascending;

/**
 * The file of one module: its sections with the bytes that memory has, its symbols, and its types,
 * whose addresses are relocated against the symbols of sections.
 */
final class ModuleFile {
  private static final int SYMBOL = 24;
  private static final int RELOCATION = 24;
  private static final int R_X86_64_64 = 1;
  private static final int R_AARCH64_ABS64 = 257;
  private static final int STT_OBJECT = 1;
  private static final int STT_FUNC = 2;
  private static final int STT_SECTION = 3;
  private static final int STB_GLOBAL = 1 << 4;
  private static final int STB_WEAK = 2 << 4;

  private final ObjectFile file;
  private final Machine machine;
  private final List<ModuleSection> sections;

  private ModuleFile(ObjectFile file, Machine machine, List<ModuleSection> sections) {
    this.file = file;
    this.machine = machine;
    this.sections = sections;
  }

  /** Lays out {@code file}. */
  static void layOut(
      ObjectFile file,
      Machine machine,
      Memory memory,
      List<ModuleSection> sections,
      List<Symbol> symbols,
      Optional<ModuleDwarf> dwarf) {
    ModuleFile module = new ModuleFile(file, machine, sections);
    for (ModuleSection each : sections) {
      file.add(
          each.name(),
          each.type(),
          each.flags(),
          memory,
          each.range().start(),
          each.range().size(),
          each.align());
    }
    int symtab = file.nextIndex();
    module.symbols(symbols, symtab + 1);
    dwarf.ifPresent(types -> module.debug(types, symtab));
  }

  /** The index of the section that has {@code address}, or that ends there; −1: there is none. */
  private int section(long address) {
    int at = Ascending.floor(i -> sections.get(i).range().start(), sections.size(), address);
    return at >= 0 && address - start(at) <= sections.get(at).range().size() ? at : -1;
  }

  private long start(int section) {
    return sections.get(section).range().start();
  }

  private void symbols(List<Symbol> symbols, int strtab) {
    List<Symbol> locals = new ArrayList<>();
    List<Symbol> others = new ArrayList<>();
    for (Symbol each : symbols) {
      if (section(each.address()) >= 0) {
        (binding(each) == 0 ? locals : others).add(each);
      }
    }
    int firstOther = 1 + sections.size() + locals.size();
    byte[] bytes = new byte[SYMBOL * (firstOther + others.size())];
    ElfWriter out = writer(bytes);
    out.skip(SYMBOL); // the first one is empty
    for (int i = 0; i < sections.size(); i++) {
      out.u32(0).u8(STT_SECTION).u8(0).u16(1 + i).u64(0).u64(0);
    }
    StringBuilder names = new StringBuilder("\0");
    locals.forEach(each -> symbol(out, names, each));
    others.forEach(each -> symbol(out, names, each));
    file.add(".symtab", ObjectFile.SYMTAB, ByteBuffer.wrap(bytes), strtab, firstOther, SYMBOL);
    byte[] text = names.toString().getBytes(StandardCharsets.US_ASCII);
    file.add(".strtab", ObjectFile.STRTAB, ByteBuffer.wrap(text), 0, 0, 0);
  }

  /** An Elf64_Sym; what no name in C has is a question mark. */
  private void symbol(ElfWriter out, StringBuilder names, Symbol symbol) {
    int section = section(symbol.address());
    out.u32(names.length()).u8(binding(symbol) | kind(symbol)).u8(0).u16(1 + section);
    out.u64(symbol.address() - start(section)).u64(symbol.size().orElse(0));
    for (int i = 0; i < symbol.name().length(); i++) {
      char c = symbol.name().charAt(i);
      names.append(c > ' ' && c <= '~' ? c : '?');
    }
    names.append('\0');
  }

  private ElfWriter writer(byte[] bytes) {
    return new ElfWriter(MemorySegment.ofArray(bytes), ElfClass.ELF64, file.order());
  }

  private static int binding(Symbol symbol) {
    char type = symbol.type();
    return type == 'w' || type == 'W' ? STB_WEAK : Character.isUpperCase(type) ? STB_GLOBAL : 0;
  }

  private static int kind(Symbol symbol) {
    return "tTwW".indexOf(symbol.type()) >= 0 ? STT_FUNC : STT_OBJECT;
  }

  private void debug(ModuleDwarf dwarf, int symtab) {
    DebugSections debug = dwarf.sections();
    int info = file.nextIndex();
    file.add(".debug_info", ObjectFile.PROGBITS, debug.info(), 0, 0, 0);
    file.add(".debug_abbrev", ObjectFile.PROGBITS, debug.abbrev(), 0, 0, 0);
    file.add(".debug_str", ObjectFile.PROGBITS, debug.str(), 0, 0, 0);
    byte[] bytes = new byte[RELOCATION * dwarf.relocations().size()];
    ElfWriter out = writer(bytes);
    int type = machine.number() == Machine.ARM64 ? R_AARCH64_ABS64 : R_X86_64_64;
    for (ModuleDwarf.Relocation each : dwarf.relocations()) {
      int section = section(each.address());
      if (section >= 0) {
        long symbol = 1L + section; // those of the sections are the first
        out.u64(each.at()).u64(symbol << 32 | type);
        out.u64(each.address() - start(section));
      }
    }
    ByteBuffer written = ByteBuffer.wrap(bytes, 0, (int) out.position());
    file.add(".rela.debug_info", ObjectFile.RELA, written, symtab, info, RELOCATION);
  }
}
