package org.vmcore.debuginfo.elf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.vmcore.debuginfo.dwarf.DebugSections;
import org.vmcore.debuginfo.layout.ImageSection;
import org.vmcore.debuginfo.layout.ImageSection.Access;
import org.vmcore.debuginfo.layout.ImageSection.Content;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.memory.Missing;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.MemoryCopy;
import org.vmcore.output.OutputFile;

/**
 * An ELF file of a kernel: its image by sections, symbols, and what else debuggers take from a
 * vmlinux. All of it is laid out before its first byte is written.
 */
public final class KernelFile {
  /** In the file, too, a segment begins at its place in a page. */
  static final long PAGE = 1 << 12;

  private static final int ET_EXEC = 2;
  private static final int HEADER_SIZE = 64;
  private static final int PROGRAM_HEADER_SIZE = 56;
  private static final int READ = 4;
  private static final int WRITE = 2;
  private static final int EXECUTE = 1;
  private static final int NOTE_ALIGN = 4;

  /** Of a section that is compressed, in bytes; those of kernels take a few MiB. */
  private static final long MAX_PACKED = 1 << 26;

  private final KernelLayout layout;
  private final ByteOrder order;
  private final KernelNotes notes;
  private final List<ImageSection> sections;
  private final boolean isSmall;
  private final SymbolPlaces places;
  private final ModuleSymbols modules;
  private final MemoryCopy copy;
  private final List<FilePart> parts = new ArrayList<>();
  private final SectionTable table = new SectionTable();
  private final List<ProgramHeader> segments = new ArrayList<>();

  /** Where what was laid out so far ends. */
  private long end;

  private KernelFile(
      KernelLayout layout,
      ByteOrder order,
      KernelNotes notes,
      boolean withText,
      LongConsumer progress)
      throws VmcoreException {
    this.layout = layout;
    this.order = order;
    this.notes = notes;
    this.sections = layout.sections(withText, notes.bytes().isPresent());
    this.isSmall = !withText;
    this.places = SymbolPlaces.of(layout, sections, isSmall);
    this.modules = ModuleSymbols.of(layout.kernel(), layout.moduleSections(), isSmall);
    this.copy = new MemoryCopy(progress);
  }

  /**
   * What a file has.
   *
   * @param bytes its size
   * @param symbols how many are in it
   * @param outside how many of the kernel's symbols aren't, for they lie in none of its sections
   * @param unprintable how many aren't, for their names are none
   * @param spare how many of modules aren't, for there are too many
   * @param missing what of the image's bytes couldn't be had: zeros in the file
   */
  public record Written(
      long bytes, int symbols, int outside, int unprintable, int spare, Missing missing) {}

  /**
   * Writes the file of {@code layout}'s kernel to {@code out}, which stays open.
   *
   * @param withText whether the bytes of text, constants and data and BTF get into it; without them
   *     what is left is compressed where it can be
   * @param dwarf its types, if they are known
   * @param frames {@code .debug_frame}, if it is wanted
   * @param progress is told how many bytes of the image are written
   * @throws VmcoreException when the dump is closed, its file fails, or the output can't be written
   */
  public static Written write(
      OutputFile out,
      KernelLayout layout,
      ByteOrder order,
      KernelNotes notes,
      boolean withText,
      Optional<DebugSections> dwarf,
      Optional<ByteBuffer> frames,
      LongConsumer progress)
      throws VmcoreException {
    KernelFile file = new KernelFile(layout, order, notes, withText, progress);
    file.layOut(dwarf, frames);
    file.write(out);
    return new Written(
        out.position(),
        file.locals() + file.globals(),
        file.places.outside(),
        file.places.unprintable() + file.modules.unprintable(),
        file.modules.spare(),
        file.copy.missing());
  }

  private void layOut(Optional<DebugSections> dwarf, Optional<ByteBuffer> frames)
      throws VmcoreException {
    boolean isNoteLoose = notes.bytes().isEmpty() && notes.buildId().isPresent();
    long ofNotes = sections.stream().filter(each -> each.content() == Content.NOTES).count();
    long segmentCount = sections.size() + ofNotes + (isNoteLoose ? 1 : 0);
    end = HEADER_SIZE + PROGRAM_HEADER_SIZE * segmentCount;
    for (ImageSection section : sections) {
      image(section);
    }
    if (isNoteLoose) {
      byte[] note = KernelNotes.note(notes.buildId().orElseThrow(), order);
      long offset =
          add(FilePart.of(".notes", SectionHeader.NOTE, ByteBuffer.wrap(note), NOTE_ALIGN));
      segments.add(noteSegment(offset, 0, note.length));
    }
    orderPerCpu();
    int firstModule = table.count();
    modules.sections().forEach(this::module);
    dwarf.ifPresent(
        sections -> {
          debug(".debug_info", sections.info());
          debug(".debug_abbrev", sections.abbrev());
          debug(".debug_str", sections.str());
        });
    frames.ifPresent(bytes -> debug(".debug_frame", bytes));
    symbols(firstModule);
    int names = table.name(SectionTable.NAMES);
    FilePart last =
        FilePart.of(SectionTable.NAMES, SectionHeader.STRTAB, ByteBuffer.wrap(table.names()), 1);
    parts.add(last);
    table.add(last.header(names, end));
    end += last.size();
  }

  /** A section of the image, and its PT_LOAD. */
  private void image(ImageSection section) throws VmcoreException {
    Optional<ByteBuffer> packed = isSmall && isOrc(section) ? read(section) : Optional.empty();
    if (packed.isPresent()) {
      long at = layout.linked(section.range().start());
      add(CompressedSection.part(section.name(), packed.get(), order).at(at));
      return;
    }
    long start = layout.linked(section.range().start());
    int type =
        switch (section.content()) {
          case BYTES, ZEROS -> SectionHeader.PROGBITS;
          case NOTES -> SectionHeader.NOTE;
          case NOTHING -> SectionHeader.NOBITS;
        };
    long size = section.range().size();
    boolean isNotes = section.content() == Content.NOTES;
    long align = isNotes ? NOTE_ALIGN : Long.lowestOneBit(start | PAGE);
    FilePart part =
        new FilePart(
            section.name(), type, flags(section), start, size, 0, 0, align, 0, body(section));
    long offset = add(part);
    int access = READ | (isWritable(section) ? WRITE : 0) | (isCode(section) ? EXECUTE : 0);
    long fileSize = part.isInFile() ? size : 0;
    segments.add(
        new ProgramHeader(
            ProgramHeader.PT_LOAD, access, offset, start, start, fileSize, size, PAGE));
    if (isNotes) {
      segments.add(noteSegment(offset, start, size));
    }
  }

  /** A section of a module: no segment has it, for it has no bytes, and isn't the kernel's. */
  private void module(ImageSection section) {
    add(FilePart.empty(section.name(), flags(section), section.range()));
  }

  /** drgn alone reads it, and takes it compressed. */
  private static boolean isOrc(ImageSection section) {
    return section.name().startsWith(".orc_");
  }

  /** A section's bytes, if all of them can be had. */
  private Optional<ByteBuffer> read(ImageSection section) throws VmcoreException {
    AddressRange range = section.range();
    if (range.size() > MAX_PACKED) {
      return Optional.empty();
    }
    try {
      KernelReader in = layout.kernel().objects().reader();
      return Optional.of(
          ByteBuffer.wrap(in.bytes(range.start(), (int) range.size(), section.name())));
    } catch (Unreadable e) {
      return Optional.empty();
    }
  }

  private static ProgramHeader noteSegment(long offset, long address, long size) {
    long inMemory = address == 0 ? 0 : size;
    return new ProgramHeader(
        ProgramHeader.PT_NOTE, READ, offset, address, address, size, inMemory, NOTE_ALIGN);
  }

  private static boolean isWritable(ImageSection section) {
    return section.access() == Access.WRITE;
  }

  private static boolean isCode(ImageSection section) {
    return section.access() == Access.EXECUTE;
  }

  private static long flags(ImageSection section) {
    return SectionHeader.ALLOC
        | (isWritable(section) ? SectionHeader.WRITE : 0)
        | (isCode(section) ? SectionHeader.EXECINSTR : 0);
  }

  private FilePart.Body body(ImageSection section) {
    long start = section.range().start();
    long size = section.range().size();
    return switch (section.content()) {
      case BYTES, NOTES -> out -> copy.append(out, memory(), start, size);
      case ZEROS -> out -> out.skip(size);
      case NOTHING -> out -> {};
    };
  }

  private Memory memory() throws VmcoreException {
    return layout.kernel().memory();
  }

  /**
   * Per-CPU variables lie at 0, but their PT_LOAD mustn't be the first: drgn takes the kernel's
   * range from the first and the last one.
   */
  private void orderPerCpu() {
    boolean isApart = !segments.isEmpty() && segments.getFirst().vaddr() >= 0;
    if (isApart && segments.size() > 2) {
      segments.add(1, segments.removeFirst());
    }
  }

  private void debug(String name, ByteBuffer bytes) {
    add(CompressedSection.part(name, bytes, order));
  }

  private int locals() {
    return places.locals() + modules.locals().size();
  }

  private int globals() {
    return places.globals() + modules.globals().size();
  }

  private void symbols(int firstModule) {
    NameTable strings = NameTable.of(layout.symbols(), places);
    modules.locals().forEach(each -> strings.start(each.symbol().name()));
    modules.globals().forEach(each -> strings.start(each.symbol().name()));
    int locals = 1 + sections.size() + locals();
    long size = (long) SymbolWriter.SIZE * (locals + globals());
    int names = table.count() + 1;
    add(
        new FilePart(
            ".symtab",
            SectionHeader.SYMTAB,
            0,
            0,
            size,
            names,
            locals,
            Long.BYTES,
            SymbolWriter.SIZE,
            out ->
                new SymbolWriter(out, layout, places, modules, firstModule, strings, order)
                    .write(sections)));
    add(FilePart.of(".strtab", SectionHeader.STRTAB, strings.bytes(), 1));
  }

  /** Lays out a section, and gives its place in the file. */
  private long add(FilePart part) {
    long offset = part.offset(end);
    parts.add(part);
    table.add(part.header(table.name(part.name()), offset));
    end = part.isInFile() ? offset + part.size() : end;
    return offset;
  }

  private void write(OutputFile out) throws VmcoreException {
    long start = out.position();
    long tableAt = (end + Long.BYTES - 1) & -Long.BYTES;
    head(out, tableAt);
    for (FilePart part : parts) {
      if (part.isInFile()) {
        out.skip(part.offset(out.position() - start) - (out.position() - start));
        part.body().write(out);
      }
    }
    out.skip(tableAt - (out.position() - start));
    MemorySegment headers = MemorySegment.ofArray(new byte[SectionHeader.SIZE * table.count()]);
    table.writeTo(new ElfWriter(headers, ElfClass.ELF64, order));
    out.write(headers);
  }

  private void head(OutputFile out, long tableAt) throws VmcoreException {
    int size = HEADER_SIZE + PROGRAM_HEADER_SIZE * segments.size();
    MemorySegment head = MemorySegment.ofArray(new byte[size]);
    ElfWriter writer = new ElfWriter(head, ElfClass.ELF64, order);
    ElfIdent ident = new ElfIdent(ElfClass.ELF64, order, ElfHeader.EV_CURRENT, 0, 0, 0);
    writer.header(
        new ElfHeader(
            ident,
            ET_EXEC,
            layout.machine().number(),
            ElfHeader.EV_CURRENT,
            layout.linked(layout.image().start()),
            HEADER_SIZE,
            tableAt,
            0,
            HEADER_SIZE,
            PROGRAM_HEADER_SIZE,
            segments.size(),
            SectionHeader.SIZE,
            table.count(),
            table.count() - 1));
    segments.forEach(writer::programHeader);
    out.write(head);
  }
}
