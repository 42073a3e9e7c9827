package org.vmcore.remoteproc.collect;

import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfReader;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * Where an ELF file ends by its own headers: behind its tables, segments and sections, whichever is
 * last. So a stream that ended early is told from one that was whole, whether it has program
 * headers, as most remoteproc coredumps, or sections in their place.
 */
final class ElfEnd {
  private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};
  private static final int SHT_NOBITS = 8;

  private final ByteSource file;
  private final ElfHeader header;
  private long end;

  private ElfEnd(ByteSource file, ElfHeader header) {
    this.file = file;
    this.header = header;
    this.end = header.elfClass().headerSize();
  }

  /**
   * The offset behind the file's last byte, unsigned, as far as the headers that are there tell.
   * Empty for what is no ELF file, or none whose headers can be read.
   *
   * @throws VmcoreException when the file can't be read
   */
  static OptionalLong of(ByteSource file) throws VmcoreException {
    MemorySegment start = MemorySegment.ofArray(new byte[ElfClass.ELF64.headerSize()]);
    long got = file.read(0, start);
    if (start.asSlice(0, Math.min(got, MAGIC.length)).mismatch(MemorySegment.ofArray(MAGIC)) >= 0) {
      return OptionalLong.empty();
    }
    if (got < ElfClass.ELF32.headerSize()) {
      return OptionalLong.of(ElfClass.ELF32.headerSize());
    }
    ElfHeader header;
    try {
      header = ElfReader.header(file.name(), start);
    } catch (VmcoreException e) {
      return OptionalLong.empty();
    }
    ElfEnd elf = new ElfEnd(file, header);
    elf.segments();
    elf.sections();
    return OptionalLong.of(elf.end);
  }

  private void segments() throws VmcoreException {
    int size = header.elfClass().programHeaderSize();
    reach(header.phoff(), (long) header.phnum() * header.phentsize());
    for (int i = 0; i < header.phnum() && header.phentsize() >= size; i++) {
      long at = header.phoff() + (long) i * header.phentsize();
      MemorySegment bytes = bytes(at, size);
      if (bytes.byteSize() < size) {
        return;
      }
      ProgramHeader each = ElfReader.programHeader(cursor(at, bytes), header.elfClass());
      reach(each.offset(), each.filesz());
    }
  }

  private void sections() throws VmcoreException {
    int size = header.elfClass().sectionHeaderSize();
    reach(header.shoff(), (long) header.shnum() * header.shentsize());
    for (int i = 0; i < header.shnum() && header.shentsize() >= size; i++) {
      long at = header.shoff() + (long) i * header.shentsize();
      MemorySegment bytes = bytes(at, size);
      if (bytes.byteSize() < size) {
        return;
      }
      section(cursor(at, bytes));
    }
  }

  private void section(Cursor in) throws VmcoreException {
    in.skip(4, "sh_name");
    int type = in.s32("sh_type");
    in.skip(2L * header.elfClass().bits() / 8, "sh_flags, sh_addr");
    long offset = word(in, "sh_offset");
    long length = word(in, "sh_size");
    if (type != SHT_NOBITS && type != 0) { // 0 is SHT_NULL
      reach(offset, length);
    }
  }

  private long word(Cursor in, String field) throws VmcoreException {
    return header.elfClass() == ElfClass.ELF64 ? in.u64(field) : in.u32(field);
  }

  private Cursor cursor(long at, MemorySegment bytes) {
    return Cursor.of(file.name(), at, bytes, header.order());
  }

  /** Up to {@code size} bytes, fewer where the file ends. */
  private MemorySegment bytes(long at, int size) throws VmcoreException {
    MemorySegment bytes = MemorySegment.ofArray(new byte[size]);
    boolean isInside = at >= 0 && at < file.size();
    return bytes.asSlice(0, isInside ? file.read(at, bytes) : 0);
  }

  private void reach(long offset, long length) {
    long reached = offset + length;
    boolean isOverflow = Long.compareUnsigned(reached, offset) < 0;
    if (length != 0 && (isOverflow || Long.compareUnsigned(reached, end) > 0)) {
      end = isOverflow ? -1 : reached;
    }
  }
}
