package org.vmcore.kernel.btf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.bytes.ElfReader;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * A file with BTF: BTF itself, or the section .BTF of an ELF file, a vmlinux or a module. A module
 * may have in .BTF.base what it needs of the kernel's types.
 */
final class BtfFile {
  private static final String SECTION = ".BTF";
  private static final String BASE = ".BTF.base";
  private static final int HEADER = 64;
  private static final int MAX_SECTIONS_SIZE = 1 << 22;

  private final ByteSource file;

  private BtfFile(ByteSource file) {
    this.file = file;
  }

  /** A table, and where it has it with it the one that it is split from. */
  static final class Tables {
    private final byte[] types;
    private final Optional<byte[]> base;

    private Tables(byte[] types, Optional<byte[]> base) {
      this.types = types;
      this.base = base;
    }

    byte[] types() {
      return types;
    }

    Optional<byte[]> base() {
      return base;
    }
  }

  /** The bytes of the table in {@code path}. */
  static Tables read(Path path) throws VmcoreException {
    try (ByteSource file = ByteSource.open(path)) {
      BtfFile btf = new BtfFile(file);
      byte[] start = btf.bytes(0, Math.min(HEADER, file.size()), "header");
      if (BtfHeader.at(start, 0).isPresent()) {
        return new Tables(btf.bytes(0, file.size(), "BTF"), Optional.empty());
      }
      if (start.length < HEADER || start[0] != 0x7f || start[1] != 'E') {
        throw VmcoreException.at(file.name(), 0, "neither BTF nor an ELF file with a section .BTF");
      }
      return btf.sections(ElfReader.header(file.name(), MemorySegment.ofArray(start)));
    }
  }

  private byte[] bytes(long from, long size, String what) throws VmcoreException {
    if (from < 0 || size < 0 || size > BtfHeader.MAX_SIZE || from > file.size() - size) {
      throw VmcoreException.at(file.name(), from, what + ": " + size + " bytes can't be had");
    }
    byte[] bytes = new byte[(int) size];
    if (file.readWhole(from, MemorySegment.ofArray(bytes)) < size) {
      throw VmcoreException.at(file.name(), from, what + " can't be read");
    }
    return bytes;
  }

  private Tables sections(ElfHeader header) throws VmcoreException {
    int entry = header.shentsize();
    int least = header.ident().elfClass() == ElfClass.ELF64 ? 64 : 40;
    long size = (long) entry * header.shnum();
    if (entry < least || size > MAX_SECTIONS_SIZE || header.shstrndx() >= header.shnum()) {
      throw VmcoreException.at(file.name(), header.shoff(), "no section headers");
    }
    byte[] table = bytes(header.shoff(), size, "section headers");
    Section names = sectionAt(table, header, header.shstrndx());
    byte[] strings = bytes(names.offset(), names.size(), "names of sections");
    Optional<byte[]> types = Optional.empty();
    Optional<byte[]> base = Optional.empty();
    for (int i = 0; i < header.shnum(); i++) {
      Section each = sectionAt(table, header, i);
      if (types.isEmpty() && isNamed(strings, each.name(), SECTION)) {
        types = Optional.of(bytes(each.offset(), each.size(), SECTION));
      } else if (base.isEmpty() && isNamed(strings, each.name(), BASE)) {
        base = Optional.of(bytes(each.offset(), each.size(), BASE));
      }
    }
    if (types.isEmpty()) {
      throw VmcoreException.of(file.name(), "has no section .BTF");
    }
    return new Tables(types.get(), base);
  }

  private static boolean isNamed(byte[] strings, long at, String name) {
    byte[] wanted = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    if (at < 0 || at > strings.length - wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (strings[(int) at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** What is needed of a section header. */
  private record Section(long name, long offset, long size) {}

  private Section sectionAt(byte[] table, ElfHeader header, int index) throws VmcoreException {
    long at = (long) header.shentsize() * index;
    ByteOrder order = header.ident().order();
    MemorySegment bytes = MemorySegment.ofArray(table);
    Cursor in = Cursor.of(file.name(), header.shoff() + at, bytes.asSlice(at), order);
    long name = in.u32("sh_name");
    if (header.ident().elfClass() == ElfClass.ELF64) {
      in.skip(20, "sh_type");
      return new Section(name, in.u64("sh_offset"), in.u64("sh_size"));
    }
    in.skip(12, "sh_type");
    return new Section(name, in.u32("sh_offset"), in.u32("sh_size"));
  }
}
