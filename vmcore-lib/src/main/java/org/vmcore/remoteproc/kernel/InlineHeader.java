package org.vmcore.remoteproc.kernel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfReader;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * The segments that the header of an inline coredump tells of. The kernel made it when the remote
 * processor crashed, of the list that its readers follow; where that list is another one now, the
 * file would be cut short, or its segments would lie elsewhere than the header says.
 *
 * <p>Source: drivers/remoteproc/remoteproc_coredump.c: program headers ({@code rproc_coredump}), or
 * sections behind the null section and the string table ({@code rproc_coredump_using_sections}).
 */
final class InlineHeader {
  /** Larger than any: 65,535 section headers are 4 MiB, their names as much again. */
  static final int MAX_SIZE = 8 << 20;

  private static final int OWN_SECTIONS = 2;

  private final ElfClass elfClass;
  private final List<Range> segments;

  private InlineHeader(ElfClass elfClass, List<Range> segments) {
    this.elfClass = elfClass;
    this.segments = segments;
  }

  /** Where a segment lies by the remote processor's addresses, and its size in bytes. */
  private record Range(long da, long size) {
    @Override
    public String toString() {
      return Hex.of(size) + " bytes at device address " + Hex.of(da);
    }
  }

  /**
   * Reads a header.
   *
   * @param file named in errors
   * @param bytes as many of it as there are
   */
  static InlineHeader parse(String file, byte[] bytes) throws VmcoreException {
    MemorySegment all = MemorySegment.ofArray(bytes);
    ElfHeader header = ElfReader.header(file, all);
    boolean hasSections = header.phnum() == 0 && header.shnum() >= OWN_SECTIONS;
    Cursor in = Cursor.of(file, 0, all, header.order());
    List<Range> segments = hasSections ? sections(in, header) : programHeaders(in, header);
    return new InlineHeader(header.elfClass(), segments);
  }

  private static List<Range> programHeaders(Cursor in, ElfHeader header) throws VmcoreException {
    in.skip(header.phoff(), "e_phoff");
    List<Range> segments = new ArrayList<>();
    for (int i = 0; i < header.phnum(); i++) {
      ProgramHeader segment = ElfReader.programHeader(in, header.elfClass());
      segments.add(new Range(segment.paddr(), segment.filesz()));
    }
    return segments;
  }

  private static List<Range> sections(Cursor in, ElfHeader header) throws VmcoreException {
    ElfClass elfClass = header.elfClass();
    in.skip(header.shoff(), "e_shoff");
    in.skip((long) OWN_SECTIONS * elfClass.sectionHeaderSize(), "section header");
    List<Range> segments = new ArrayList<>();
    for (int i = OWN_SECTIONS; i < header.shnum(); i++) {
      long start = in.position();
      in.skip(2L * Integer.BYTES, "sh_name, sh_type");
      word(in, elfClass, "sh_flags");
      long da = word(in, elfClass, "sh_addr");
      word(in, elfClass, "sh_offset");
      segments.add(new Range(da, word(in, elfClass, "sh_size")));
      in.skip(start + elfClass.sectionHeaderSize() - in.position(), "section header");
    }
    return segments;
  }

  private static long word(Cursor in, ElfClass elfClass, String field) throws VmcoreException {
    return elfClass == ElfClass.ELF64 ? in.u64(field) : in.u32(field);
  }

  /** Tells where {@code list}, the remote processor's, isn't what the header was made of. */
  void compare(List<DumpSegment> list, Gaps gaps) {
    if (list.size() != segments.size()) {
      String what =
          list.size() < segments.size()
              ? ": what they held is lost"
              : ": which of them are in the coredump is lost";
      gaps.lost(
          "its header tells of "
              + segments.size()
              + " segments, the remote processor's list has "
              + list.size()
              + what);
    }
    for (int i = 0; i < Math.min(list.size(), segments.size()); i++) {
      Range told = segments.get(i);
      Range listed = cut(list.get(i));
      if (!told.equals(listed)) {
        gaps.lost(
            "segment "
                + i
                + ": its header tells of "
                + told
                + ", the remote processor's list of "
                + listed
                + ": what it held is lost");
      }
    }
  }

  /** As the header can hold it: ELF32 cuts off what is above 32 bits. */
  private Range cut(DumpSegment segment) {
    long mask = -1L >>> (Long.SIZE - elfClass.bits());
    return new Range(segment.da() & mask, segment.size() & mask);
  }
}
