package org.vmcore.debuginfo.elf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import org.vmcore.debuginfo.elf.ModuleSymbols.Placed;
import org.vmcore.debuginfo.layout.ImageSection;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.kernel.symbols.KernelSymbols;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;
import org.vmcore.values.Unsigned;

/** Writes {@code .symtab}: section symbols, local ones, then the others. */
final class SymbolWriter {
  /** sizeof(Elf64_Sym). */
  static final int SIZE = 24;

  private static final int BATCH = 4096;

  private static final int LOCAL = 0;
  private static final int GLOBAL = 1;
  private static final int WEAK = 2;
  private static final int OBJECT = 1;
  private static final int FUNC = 2;
  private static final int SECTION = 3;

  private final OutputFile out;
  private final KernelLayout layout;
  private final KernelSymbols symbols;
  private final SymbolPlaces places;
  private final ModuleSymbols modules;
  private final int firstModule;
  private final NameTable names;
  private final MemorySegment batch = MemorySegment.ofArray(new byte[BATCH * SIZE]);
  private final ByteOrder order;
  private ElfWriter row;

  /**
   * Writes to {@code out}.
   *
   * @param firstModule the index of the header of the first of the modules' sections
   */
  SymbolWriter(
      OutputFile out,
      KernelLayout layout,
      SymbolPlaces places,
      ModuleSymbols modules,
      int firstModule,
      NameTable names,
      ByteOrder order) {
    this.out = out;
    this.layout = layout;
    this.symbols = layout.symbols();
    this.places = places;
    this.modules = modules;
    this.firstModule = firstModule;
    this.names = names;
    this.order = order;
    this.row = new ElfWriter(batch, ElfClass.ELF64, order);
  }

  /**
   * Writes all of them.
   *
   * @param sections those of the image, whose headers are the first
   */
  void write(List<ImageSection> sections) throws VmcoreException {
    symbol(0, 0, 0, 0, 0);
    for (int i = 0; i < sections.size(); i++) {
      long start = layout.linked(sections.get(i).range().start());
      symbol(0, info(LOCAL, SECTION), i + 1, start, 0);
    }
    write(true);
    writeModules(modules.locals());
    write(false);
    writeModules(modules.globals());
    flush();
  }

  private void write(boolean isLocal) throws VmcoreException {
    for (int i = 0; i < symbols.count(); i++) {
      if (places.section(i) != SymbolPlaces.NONE && places.isLocal(i) == isLocal) {
        write(i);
      }
    }
  }

  private void write(int index) throws VmcoreException {
    int binding = places.isLocal(index) ? LOCAL : places.isWeak(index) ? WEAK : GLOBAL;
    long address = symbols.address(index);
    long size = Unsigned.min(layout.room(address), places.left(index));
    int info = info(binding, layout.isCode(index) ? FUNC : OBJECT);
    symbol(names.start(index), info, places.section(index) + 1, layout.linked(address), size);
  }

  private void writeModules(List<Placed> all) throws VmcoreException {
    for (Placed each : all) {
      int binding = each.isLocal() ? LOCAL : each.isWeak() ? WEAK : GLOBAL;
      int info = info(binding, each.isCode(modules.sections()) ? FUNC : OBJECT);
      int section = firstModule + each.section();
      symbol(
          names.start(each.symbol().name()), info, section, each.symbol().address(), each.size());
    }
  }

  private static int info(int binding, int type) {
    return binding << 4 | type;
  }

  /** An Elf64_Sym. */
  private void symbol(int name, int info, int section, long value, long size)
      throws VmcoreException {
    if (row.position() == batch.byteSize()) {
      flush();
    }
    row.u32(name).u8(info).u8(0).u16(section).u64(value).u64(size);
  }

  private void flush() throws VmcoreException {
    out.write(batch.asSlice(0, row.position()));
    row = new ElfWriter(batch, ElfClass.ELF64, order);
  }
}
