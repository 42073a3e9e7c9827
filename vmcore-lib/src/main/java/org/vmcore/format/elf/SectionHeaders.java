package org.vmcore.format.elf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.ExactText;
import org.vmcore.values.Hex;

/**
 * The section headers of an ELF file (System V ABI, chapter 4), where they tell of its memory in
 * place of program headers: a remote processor's coredump of the kernel's second form, in which
 * each SHT_PROGBITS is a segment at a device address ({@code rproc_coredump_using_sections} of
 * {@code drivers/remoteproc/remoteproc_coredump.c}).
 */
final class SectionHeaders {
  private static final String CHECK = "section_headers";
  private static final int SHT_PROGBITS = 1;
  private static final int SHT_NOTE = 7;
  private static final int SHT_NOBITS = 8;
  private static final int SHF_WRITE = 1;
  private static final int SHF_EXECINSTR = 4;
  private static final int PF_X = 1;
  private static final int PF_W = 2;
  private static final int PF_R = 4;

  /** e_shstrndx when the real index is sh_link of section 0. */
  private static final int SHN_XINDEX = 0xffff;

  private static final int BATCH_SIZE = 1 << 16;

  /** The longest name that is read, in bytes. */
  private static final int LONGEST_NAME = 255;

  /** The most bytes that all names take. */
  private static final int ROOM_FOR_NAMES = 1 << 20;

  private final ByteSource file;
  private final ElfHeader header;
  private final int stride;

  /** Section 0, which has what the ELF header has no room for. */
  private final Optional<Section> first;

  private SectionHeaders(ByteSource file, ElfHeader header) throws VmcoreException {
    this.file = file;
    this.header = header;
    int expected = header.elfClass().sectionHeaderSize();
    this.stride = Math.max(expected, header.shentsize());
    this.first = header.shoff() > 0 ? section(0) : Optional.empty();
  }

  /** Elf32_Shdr or Elf64_Shdr without what nobody asks for. 64-bit numbers are unsigned. */
  private record Section(
      long name, int type, long flags, long address, long offset, long size, long link) {
    boolean isMemory() {
      return type == SHT_PROGBITS || type == SHT_NOBITS;
    }

    /** The program header that would say the same. */
    ProgramHeader segment() {
      if (type == SHT_NOTE) {
        return new ProgramHeader(ProgramHeader.PT_NOTE, 0, offset, 0, 0, size, size, 0);
      }
      int may =
          PF_R | ((flags & SHF_WRITE) != 0 ? PF_W : 0) | ((flags & SHF_EXECINSTR) != 0 ? PF_X : 0);
      long filesz = type == SHT_NOBITS ? 0 : size;
      return new ProgramHeader(
          ProgramHeader.PT_LOAD, may, offset, address, address, filesz, size, 0);
    }
  }

  /** The section headers of {@code file}, which may have none. */
  static SectionHeaders of(ByteSource file, ElfHeader header) throws VmcoreException {
    return new SectionHeaders(file, header);
  }

  private Optional<Section> section(long index) throws VmcoreException {
    int size = header.elfClass().sectionHeaderSize();
    long at = header.shoff() + index * stride;
    byte[] bytes = new byte[size];
    if (at < 0 || file.read(at, MemorySegment.ofArray(bytes)) < size) {
      return Optional.empty();
    }
    return Optional.of(
        parse(Cursor.of(file.name(), at, MemorySegment.ofArray(bytes), header.order())));
  }

  private Section parse(Cursor in) throws VmcoreException {
    boolean is64 = header.elfClass() == ElfClass.ELF64;
    long name = in.u32("sh_name");
    int type = in.s32("sh_type");
    long flags = word(in, is64, "sh_flags");
    long address = word(in, is64, "sh_addr");
    long offset = word(in, is64, "sh_offset");
    long size = word(in, is64, "sh_size");
    return new Section(name, type, flags, address, offset, size, in.u32("sh_link"));
  }

  private static long word(Cursor in, boolean is64, String field) throws VmcoreException {
    return is64 ? in.u64(field) : in.u32(field);
  }

  /** The section of names. */
  private Optional<Section> names() throws VmcoreException {
    boolean isExtended = header.shstrndx() == SHN_XINDEX && first.isPresent();
    return header.shoff() > 0
        ? section(isExtended ? first.get().link() : header.shstrndx())
        : Optional.empty();
  }

  /** The first bytes of the section of names, as they are; none where there is no such section. */
  byte[] nameBytes(int most) throws VmcoreException {
    Optional<Section> names = names();
    if (names.isEmpty()) {
      return new byte[0];
    }
    return bytes(names.get().offset(), Math.clamp(names.get().size(), 0, most));
  }

  private byte[] bytes(long at, int size) throws VmcoreException {
    long there = at < 0 ? 0 : file.available(at, size);
    byte[] bytes = new byte[(int) Math.min(size, there)];
    file.readWhole(at, MemorySegment.ofArray(bytes));
    return bytes;
  }

  /**
   * The memory that the sections tell of; empty where there is none.
   *
   * @param findings where damage is told
   * @throws VmcoreException when there are more than {@link ProgramHeaderTable#MAX_COUNT}
   */
  Optional<SegmentTable> memory(List<Finding> findings) throws VmcoreException {
    if (first.isEmpty()) {
      return Optional.empty();
    }
    long count = count();
    long whole = Math.min(count, file.available(header.shoff(), count * stride) / stride);
    Collector all = new Collector(names());
    int perBatch = Math.max(1, BATCH_SIZE / stride);
    for (int done = 0; done < whole; done += perBatch) {
      int n = (int) Math.min(perBatch, whole - done);
      long at = header.shoff() + (long) done * stride;
      MemorySegment batch = MemorySegment.ofArray(new byte[n * stride]);
      file.readWhole(at, batch);
      for (int i = 0; i < n; i++) {
        MemorySegment bytes = batch.asSlice((long) i * stride, stride);
        long from = at + (long) i * stride;
        all.add(done + i, parse(Cursor.of(file.name(), from, bytes, header.order())));
      }
    }
    String cut = "the file ends in the section headers: " + whole + " of " + count + " are whole";
    if (!all.hasMemory) {
      if (whole < count) {
        throw VmcoreException.at(file.name(), file.size(), cut);
      }
      return Optional.empty();
    }
    if (whole < count) {
      findings.add(Finding.error(CHECK, file.size(), cut));
    }
    all.report(findings);
    return Optional.of(all.table(count));
  }

  private long count() throws VmcoreException {
    long count = header.shnum() == 0 ? first.orElseThrow().size() : header.shnum();
    if (count < 0 || count > ProgramHeaderTable.MAX_COUNT) {
      String most = " is more than " + ProgramHeaderTable.MAX_COUNT;
      throw VmcoreException.at(
          file.name(), header.shoff(), "the number of sections, " + Hex.of(count) + "," + most);
    }
    return count;
  }

  /** Gathers the sections that are memory. */
  private final class Collector {
    private final List<ProgramHeader> segments = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();
    private final Optional<Section> strings;
    private boolean hasMemory;
    private int room = ROOM_FOR_NAMES;
    private int unnamed;

    Collector(Optional<Section> strings) {
      this.strings = strings;
    }

    void add(int number, Section section) throws VmcoreException {
      if (section.isMemory() || section.type() == SHT_NOTE) {
        hasMemory |= section.isMemory();
        segments.add(section.segment());
        names.add(section.isMemory() ? name(section) : "");
        numbers.add(number);
      }
    }

    private String name(Section section) throws VmcoreException {
      if (strings.isEmpty() || section.name() >= strings.get().size()) {
        unnamed++;
        return "";
      }
      long most = Math.min(LONGEST_NAME + 1L, strings.get().size() - section.name());
      ByteArrayOutputStream name = new ByteArrayOutputStream();
      for (byte each : bytes(strings.get().offset() + section.name(), (int) most)) {
        if (each == 0) {
          break;
        }
        name.write(each);
      }
      room -= name.size();
      if (room < 0 || name.size() > LONGEST_NAME) {
        unnamed++;
        return "";
      }
      return ExactText.of(name.toByteArray());
    }

    void report(List<Finding> findings) {
      if (unnamed > 0) {
        String what = "names of sections that aren't there or are too long: " + unnamed;
        findings.add(Finding.warning(CHECK, header.shoff(), what));
      }
    }

    SegmentTable table(long count) {
      List<long[]> claimed = new ArrayList<>();
      claimed.add(SegmentTable.range(header.shoff(), count * stride));
      long at = strings.map(Section::offset).orElse(0L);
      long size = strings.map(Section::size).orElse(0L);
      if (at >= 0 && size >= 0 && at + size >= 0) {
        claimed.add(SegmentTable.range(at, size));
      }
      return new SegmentTable(segments, names, numbers, header.shoff(), stride, claimed);
    }
  }
}
