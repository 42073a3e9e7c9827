package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfWriter;

/**
 * The ELF header and the program headers that an image begins with.
 *
 * @param headers the headers; each p_offset is an offset in the image
 */
record ExportedHeaders(CrashHeaders headers) {
  ElfHeader header() {
    return headers.header();
  }

  List<ProgramHeader> segments() {
    return headers.programHeaders();
  }

  /** The headers as they stand in the image, with section 0 where it holds their count. */
  MemorySegment bytes() {
    ElfHeader header = header();
    List<ProgramHeader> segments = segments();
    long table = (long) segments.size() * header.elfClass().programHeaderSize();
    boolean extended = header.phnum() == ElfHeader.PN_XNUM;
    long section = extended ? header.elfClass().sectionHeaderSize() : 0;
    int size = (int) (header.elfClass().headerSize() + table + section);
    MemorySegment bytes = MemorySegment.ofArray(new byte[size]);
    ElfWriter out = new ElfWriter(bytes, header.elfClass(), header.order());
    out.header(header);
    for (ProgramHeader each : segments) {
      out.programHeader(each);
    }
    if (extended) {
      out.skip(header.elfClass().sectionInfoOffset()).u32(segments.size());
    }
    return bytes.asReadOnly();
  }
}
