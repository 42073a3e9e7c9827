package org.vmcore.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.ProgramHeader;

/** The pieces a {@link DumpBuilder}'s file consists of, and where its fields stand. */
final class FileLayout {
  /** Bytes that are written; what lies between pieces is a hole. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Piece(long offset, byte[] bytes) {}

  private final ElfClass elfClass;
  private final ByteOrder order;
  private final int page;
  private final boolean packed;
  private final boolean ramImage;
  private final byte padding;
  private final List<Piece> pieces = new ArrayList<>();
  private final List<ElfStruct> table = new ArrayList<>();
  private final List<DumpBuilder.Field> noteFields = new ArrayList<>();
  private final List<DumpBuilder.Field> fields = new ArrayList<>();
  private ElfStruct header;
  private long size;

  FileLayout(
      ElfClass elfClass,
      ByteOrder order,
      int page,
      boolean packed,
      boolean ramImage,
      byte padding) {
    this.elfClass = elfClass;
    this.order = order;
    this.page = page;
    this.packed = packed;
    this.ramImage = ramImage;
    this.padding = padding;
    this.header = ElfStruct.header(elfClass).set("e_type", 4).set("e_phoff", elfClass.headerSize());
  }

  List<DumpBuilder.Field> fields() {
    return fields;
  }

  /** Places the segments from file offset {@code next} on; gives the offset behind them. */
  long segments(List<Segment> segments, long next) {
    for (Segment segment : segments) {
      long offset = segment.at.orElse(offset(segment, next));
      put(segment, offset);
      table.add(programHeader(segment, offset));
      next = Math.max(next, offset + segment.size());
    }
    return next;
  }

  private long offset(Segment segment, long next) {
    if (segment.isLoad() && ramImage) {
      return segment.paddr;
    }
    if (packed) {
      return next;
    }
    return roundUp(next) + (segment.isLoad() ? segment.paddr & page - 1 : 0);
  }

  private void put(Segment segment, long offset) {
    long end = offset + segment.size();
    if (padding != 0 && segment.isLoad()) {
      add(offset & -page, filled((int) (offset & page - 1)));
      add(end, filled((int) (-end & page - 1)));
    }
    add(offset, segment.bytes(order));
    size = Math.max(size, end);
    long at = offset;
    for (Segment.Note note : segment.notes) {
      for (ElfStruct.Field field : note.header().fields()) {
        String name = "note[" + noteFields.size() / 3 + "]." + field.name();
        noteFields.add(new DumpBuilder.Field(name, at + field.offset(), field.size()));
      }
      at += note.size();
    }
  }

  private byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, padding);
    return bytes;
  }

  private ElfStruct programHeader(Segment segment, long offset) {
    ElfStruct out = ElfStruct.programHeader(elfClass);
    out.set("p_type", segment.type).set("p_flags", segment.isLoad() ? 7 : 0);
    out.set("p_offset", offset).set("p_paddr", segment.paddr);
    out.set("p_filesz", segment.size()).set("p_memsz", segment.size());
    segment.fields.forEach(out::set);
    return out;
  }

  /** Places the ELF header, the table and, when it has an e_shoff, section 0. */
  void headers(ElfStruct ehdr, long tableOffset, Map<String, Long> set) {
    header = ehdr;
    ElfStruct section = ElfStruct.section(elfClass).set("sh_info", table.size());
    long sectionOffset = header.get("e_shoff");
    set.forEach((field, value) -> (header.has(field) ? header : section).set(field, value));
    struct("", 0, header);
    for (int i = 0; i < table.size(); i++) {
      long at = tableOffset + (long) i * elfClass.programHeaderSize();
      struct("phdr[" + i + "].", at, table.get(i));
    }
    if (sectionOffset != 0) {
      struct("", sectionOffset, section);
    }
    fields.addAll(noteFields);
  }

  private void struct(String prefix, long offset, ElfStruct struct) {
    add(offset, struct.bytes(order));
    for (ElfStruct.Field field : struct.fields()) {
      fields.add(
          new DumpBuilder.Field(prefix + field.name(), offset + field.offset(), field.size()));
    }
  }

  void patch(long offset, byte[] bytes) {
    add(offset, bytes);
  }

  void truncate(long length) {
    size = length;
  }

  private void add(long offset, byte[] bytes) {
    if (bytes.length > 0) {
      pieces.add(new Piece(offset, bytes));
      size = Math.max(size, offset + bytes.length);
    }
  }

  private long roundUp(long value) {
    return value + page - 1 & -page;
  }

  /** The file as an array; it must be small enough for one. */
  byte[] bytes() {
    byte[] file = new byte[Math.toIntExact(size)];
    for (Piece piece : pieces) {
      int at = (int) Math.min(piece.offset(), file.length);
      System.arraycopy(
          piece.bytes(), 0, file, at, Math.min(piece.bytes().length, file.length - at));
    }
    return file;
  }

  /** Writes the file, of whatever size, with holes where nothing is. */
  void writeTo(Path path) throws IOException {
    try (SeekableByteChannel out =
        Files.newByteChannel(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.SPARSE)) {
      long end = 0;
      for (Piece piece : pieces) {
        long left = size - piece.offset();
        if (left > 0) {
          int n = (int) Math.min(left, piece.bytes().length);
          out.position(piece.offset()).write(ByteBuffer.wrap(piece.bytes(), 0, n));
          end = Math.max(end, piece.offset() + n);
        }
      }
      if (end < size) {
        out.position(size - 1).write(ByteBuffer.wrap(new byte[1]));
      }
    }
  }

  /** The headers as the file has them. */
  CrashHeaders crashHeaders(int machine) {
    ElfIdent ident = new ElfIdent(elfClass, order, 1, 0, 0, 0);
    ElfHeader ehdr =
        new ElfHeader(
            ident,
            (int) header.get("e_type"),
            machine,
            1,
            header.get("e_entry"),
            header.get("e_phoff"),
            header.get("e_shoff"),
            (int) header.get("e_flags"),
            elfClass.headerSize(),
            elfClass.programHeaderSize(),
            (int) header.get("e_phnum"),
            0,
            0,
            0);
    return new CrashHeaders(ehdr, table.stream().map(FileLayout::programHeader).toList());
  }

  private static ProgramHeader programHeader(ElfStruct p) {
    return new ProgramHeader(
        (int) p.get("p_type"),
        (int) p.get("p_flags"),
        p.get("p_offset"),
        p.get("p_vaddr"),
        p.get("p_paddr"),
        p.get("p_filesz"),
        p.get("p_memsz"),
        p.get("p_align"));
  }
}
