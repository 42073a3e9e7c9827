package org.vmcore.remoteproc;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * The headers of a core, in one of two forms: program headers ({@code rproc_coredump}), or sections
 * with a string table ({@code rproc_coredump_using_sections}). Little-endian, whatever the machine.
 *
 * @param elfClass of the file
 * @param machine e_machine
 * @param entry e_entry, the boot address
 * @param sections whether it has sections in place of program headers
 */
record CoreHeaders(ElfClass elfClass, int machine, long entry, boolean sections) {
  private static final int SHT_PROGBITS = 1;
  private static final int SHT_STRTAB = 3;
  private static final int SHF_WRITE = 1;
  private static final int SHN_LORESERVE = 0xff00;
  private static final int READ_WRITE_EXECUTE = 7;

  /** The null section and the string table. */
  private static final int OWN_SECTIONS = 2;

  private static final byte[] STRING_TABLE = "STR_TBL".getBytes(StandardCharsets.US_ASCII);

  /** Refuses what the ELF header's fields can't hold; the kernel cuts it off. */
  void check(String name, List<DumpSegment> segments) throws VmcoreException {
    int most = sections ? SHN_LORESERVE - 1 - OWN_SECTIONS : ElfHeader.PN_XNUM - 1;
    if (segments.size() > most) {
      String field = sections ? "e_shnum" : "e_phnum";
      throw VmcoreException.of(
          name, segments.size() + " segments are more than " + field + " can count, " + most);
    }
    if (machine < 0 || machine > 0xffff) {
      throw VmcoreException.of(name, "e_machine " + machine + " doesn't fit into 16 bits");
    }
    if (elfClass == ElfClass.ELF32 && entry >>> 32 != 0) {
      throw VmcoreException.of(
          name, "the entry " + Hex.of(entry) + " is beyond the 4 GiB of ELF32; ELF64 can hold it");
    }
  }

  /** The size of all headers in bytes, the string table with them. */
  long size(String name, List<DumpSegment> segments) throws VmcoreException {
    long size = tableEnd(segments) + (sections ? stringsSize(segments) : 0);
    if (size > Integer.MAX_VALUE) {
      throw VmcoreException.of(name, "the segments' names are too long: " + size + " bytes");
    }
    return size;
  }

  private long tableEnd(List<DumpSegment> segments) {
    long entries = segments.size();
    return elfClass.headerSize()
        + (sections
            ? (entries + OWN_SECTIONS) * elfClass.sectionHeaderSize()
            : entries * elfClass.programHeaderSize());
  }

  private static long stringsSize(List<DumpSegment> segments) {
    long size = 1L + STRING_TABLE.length + 1;
    for (DumpSegment segment : segments) {
      size += segment.name().length + 1;
    }
    return size;
  }

  /** The bytes of the headers; segment {@code i} lies at file offset {@code starts[i]}. */
  MemorySegment write(List<DumpSegment> segments, long[] starts) {
    long size = tableEnd(segments) + (sections ? stringsSize(segments) : 0);
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) size]);
    ElfWriter out = new ElfWriter(bytes, elfClass, ByteOrder.LITTLE_ENDIAN);
    out.header(header(segments.size()));
    if (sections) {
      writeSections(segments, starts, out);
    } else {
      for (int i = 0; i < starts.length; i++) {
        long da = segments.get(i).deviceAddress();
        long length = segments.get(i).size();
        out.programHeader(
            new ProgramHeader(
                ProgramHeader.PT_LOAD, READ_WRITE_EXECUTE, starts[i], da, da, length, length, 0));
      }
    }
    return bytes.asReadOnly();
  }

  private ElfHeader header(int segments) {
    ElfHeader header =
        new ElfHeader(
            new ElfIdent(elfClass, ByteOrder.LITTLE_ENDIAN, ElfHeader.EV_CURRENT, 0, 0, 0),
            ElfHeader.ET_CORE,
            machine,
            ElfHeader.EV_CURRENT,
            entry,
            0,
            elfClass.headerSize(),
            0,
            elfClass.headerSize(),
            0,
            0,
            elfClass.sectionHeaderSize(),
            segments + OWN_SECTIONS,
            1);
    return sections ? header : header.withProgramHeaders(segments);
  }

  private void writeSections(List<DumpSegment> segments, long[] starts, ElfWriter out) {
    out.skip(elfClass.sectionHeaderSize());
    section(out, 1, SHT_STRTAB, 0, 0, tableEnd(segments), stringsSize(segments));
    int name = 1 + STRING_TABLE.length + 1;
    for (int i = 0; i < starts.length; i++) {
      DumpSegment segment = segments.get(i);
      long da = segment.deviceAddress();
      section(out, name, SHT_PROGBITS, SHF_WRITE, da, starts[i], segment.size());
      name += segment.name().length + 1;
    }
    out.skip(1).bytes(STRING_TABLE).skip(1);
    for (DumpSegment segment : segments) {
      out.bytes(segment.name()).skip(1);
    }
  }

  /** Elf32_Shdr or Elf64_Shdr: the same fields in the same order. */
  private static void section(
      ElfWriter out, int name, int type, long flags, long address, long offset, long size) {
    out.u32(name).u32(type).word(flags).word(address).word(offset).word(size);
    out.u32(0).u32(0).word(0).word(0);
  }
}
