package org.vmcore.debuginfo.elf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.arch.Machine;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.memory.Memory;
import org.vmcore.memory.Missing;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.MemoryCopy;
import org.vmcore.output.OutputFile;

/** A relocatable ELF file, as modules are: sections, and none of them at an address. */
public final class ObjectFile {
  public static final int PROGBITS = SectionHeader.PROGBITS;
  public static final int SYMTAB = SectionHeader.SYMTAB;
  public static final int STRTAB = SectionHeader.STRTAB;
  public static final int RELA = 4;
  public static final int NOTE = SectionHeader.NOTE;
  public static final int NOBITS = SectionHeader.NOBITS;

  public static final long WRITE = SectionHeader.WRITE;
  public static final long ALLOC = SectionHeader.ALLOC;
  public static final long EXECINSTR = SectionHeader.EXECINSTR;

  private static final int ET_REL = 1;
  private static final int HEADER_SIZE = 64;

  private final Machine machine;
  private final ByteOrder order;
  private final List<FilePart> parts = new ArrayList<>();
  private final MemoryCopy copy = new MemoryCopy(bytes -> {});

  /** A file without sections yet. */
  public ObjectFile(Machine machine, ByteOrder order) {
    this.machine = machine;
    this.order = order;
  }

  /** How its numbers are written. */
  public ByteOrder order() {
    return order;
  }

  /** The index that the next section gets. */
  public int nextIndex() {
    return parts.size() + 1;
  }

  /**
   * Adds a section of {@code memory}'s bytes; one of type NOBITS has none.
   *
   * @param align a power of two
   */
  public void add(
      String name, int type, long flags, Memory memory, long start, long size, long align) {
    parts.add(
        new FilePart(
            name,
            type,
            flags,
            0,
            size,
            0,
            0,
            align,
            0,
            out -> copy.append(out, memory, start, size)));
  }

  /** Adds a section of bytes that are at hand, linked to others by its type's rules. */
  public void add(String name, int type, ByteBuffer bytes, int link, int info, int entrySize) {
    long align = entrySize == 0 ? 1 : Long.BYTES;
    parts.add(
        new FilePart(
            name,
            type,
            0,
            0,
            bytes.remaining(),
            link,
            info,
            align,
            entrySize,
            out -> out.write(bytes.duplicate())));
  }

  /**
   * Writes it.
   *
   * @return what of the memory couldn't be had: zeros in the file
   * @throws VmcoreException when memory or the output fails
   */
  public Missing write(OutputFile out) throws VmcoreException {
    SectionTable table = new SectionTable();
    long end = HEADER_SIZE;
    for (FilePart part : parts) {
      long offset = aligned(end, part.align());
      table.add(part.header(table.name(part.name()), offset));
      end = part.isInFile() ? offset + part.size() : end;
    }
    int name = table.name(SectionTable.NAMES);
    ByteBuffer names = ByteBuffer.wrap(table.names());
    FilePart last = FilePart.of(SectionTable.NAMES, STRTAB, names, 1);
    table.add(last.header(name, end));
    long tableAt = aligned(end + last.size(), Long.BYTES);
    long start = out.position();
    head(out, tableAt, table.count());
    for (FilePart part : parts) {
      if (part.isInFile()) {
        long done = out.position() - start;
        out.skip(aligned(done, part.align()) - done);
        part.body().write(out);
      }
    }
    last.body().write(out);
    out.skip(tableAt - (out.position() - start));
    MemorySegment headers = MemorySegment.ofArray(new byte[SectionHeader.SIZE * table.count()]);
    table.writeTo(new ElfWriter(headers, ElfClass.ELF64, order));
    out.write(headers);
    return copy.missing();
  }

  private static long aligned(long offset, long align) {
    return (offset + align - 1) & -align;
  }

  private void head(OutputFile out, long tableAt, int sections) throws VmcoreException {
    MemorySegment head = MemorySegment.ofArray(new byte[HEADER_SIZE]);
    ElfIdent ident = new ElfIdent(ElfClass.ELF64, order, ElfHeader.EV_CURRENT, 0, 0, 0);
    new ElfWriter(head, ElfClass.ELF64, order)
        .header(
            new ElfHeader(
                ident,
                ET_REL,
                machine.number(),
                ElfHeader.EV_CURRENT,
                0,
                0,
                tableAt,
                0,
                HEADER_SIZE,
                0,
                0,
                SectionHeader.SIZE,
                sections,
                sections - 1));
    out.write(head);
  }
}
