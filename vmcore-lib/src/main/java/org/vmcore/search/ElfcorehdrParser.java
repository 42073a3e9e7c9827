package org.vmcore.search;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfReader;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Parses an elfcorehdr in old memory as strictly as the crash kernel does: an ELF header with the
 * program headers right behind it, whatever e_phoff says, each p_offset a physical address.
 *
 * <p>Source: parse_crash_elf64_headers and parse_crash_elf32_headers of fs/proc/vmcore.c. The one
 * difference: the kernel doesn't look at EI_DATA, for it reads its own byte order; here it must
 * name one. Whether e_machine is the right one is the caller's to check.
 */
public final class ElfcorehdrParser {
  private static final int BATCH = 1024;
  private static final int EI_CLASS = 4;
  private static final int EI_DATA = 5;
  private static final int EI_VERSION = 6;

  private final Memory oldmem;
  private final String name;
  private final long address;

  private ElfcorehdrParser(Memory oldmem, String name, long address) {
    this.oldmem = oldmem;
    this.name = name;
    this.address = address;
  }

  /**
   * Parses the elfcorehdr at {@code address}.
   *
   * @param name of the old memory, for errors, whose offset is a physical address
   * @throws VmcoreException when it can't be read or a field isn't what the kernel asks for
   */
  public static CrashHeaders parse(Memory oldmem, String name, long address)
      throws VmcoreException {
    ElfcorehdrParser parser = new ElfcorehdrParser(oldmem, name, address);
    ElfHeader header = parser.header();
    return new CrashHeaders(header, parser.programHeaders(header));
  }

  private ElfHeader header() throws VmcoreException {
    byte[] bytes = new byte[ElfClass.ELF64.headerSize()];
    MemorySegment all = MemorySegment.ofArray(bytes);
    read(0, all.asSlice(0, ElfClass.ELF32.headerSize()), "ELF header");
    check(magic(bytes) == ElfIdent.MAGIC, 0, "e_ident: no ELF header is there");
    check(
        bytes[EI_CLASS] == 1 || bytes[EI_CLASS] == 2,
        EI_CLASS,
        "EI_CLASS is " + (bytes[EI_CLASS] & 0xff) + ", not 1 (32-bit) or 2 (64-bit)");
    check(
        bytes[EI_DATA] == 1 || bytes[EI_DATA] == 2,
        EI_DATA,
        "EI_DATA is " + (bytes[EI_DATA] & 0xff) + ", not 1 (little-endian) or 2 (big-endian)");
    if (bytes[EI_CLASS] == ElfClass.ELF64.code()) {
      read(0, all, "ELF header");
    }
    ElfHeader header = ElfReader.header(name, all);
    check(header);
    return header;
  }

  private void check(ElfHeader h) throws VmcoreException {
    boolean wide = h.elfClass() == ElfClass.ELF64;
    equal(h.type(), ElfHeader.ET_CORE, 16, "e_type");
    equal(h.ident().version(), ElfHeader.EV_CURRENT, EI_VERSION, "EI_VERSION");
    equal(h.version(), ElfHeader.EV_CURRENT, 20, "e_version");
    equal(h.ehsize(), h.elfClass().headerSize(), wide ? 52 : 40, "e_ehsize");
    equal(h.phentsize(), h.elfClass().programHeaderSize(), wide ? 54 : 42, "e_phentsize");
    check(h.phnum() != 0, h.phnumOffset(), "e_phnum is 0: no program headers");
  }

  private List<ProgramHeader> programHeaders(ElfHeader header) throws VmcoreException {
    int entry = header.elfClass().programHeaderSize();
    int count = header.phnum();
    List<ProgramHeader> all = new ArrayList<>(Math.min(count, BATCH));
    MemorySegment batch = MemorySegment.ofArray(new byte[Math.min(count, BATCH) * entry]);
    while (all.size() < count) {
      int n = Math.min(BATCH, count - all.size());
      int first = all.size();
      long offset = header.elfClass().headerSize() + (long) first * entry;
      MemorySegment bytes = batch.asSlice(0, (long) n * entry);
      read(offset, bytes, "program header " + first + " of " + count);
      Cursor in = Cursor.of(name, address + offset, bytes, header.order());
      for (int i = 0; i < n; i++) {
        all.add(ElfReader.programHeader(in, header.elfClass()));
      }
    }
    return all;
  }

  private void read(long offset, MemorySegment dst, String what) throws VmcoreException {
    boolean wraps = Long.compareUnsigned(address + offset + dst.byteSize() - 1, address) < 0;
    long got = wraps ? 0 : oldmem.read(address + offset, dst);
    check(got == dst.byteSize(), offset + got, what + ": no RAM is there to be read");
  }

  private void equal(int found, int expected, int offset, String field) throws VmcoreException {
    check(
        found == expected,
        offset,
        field + " is " + Integer.toUnsignedString(found) + ", not " + expected);
  }

  private void check(boolean holds, long offset, String reason) throws VmcoreException {
    if (!holds) {
      String where = "elfcorehdr at " + Hex.of(address) + ": ";
      throw VmcoreException.at(name, address + offset, where + reason);
    }
  }

  private static int magic(byte[] ident) {
    return (ident[0] & 0xff) << 24
        | (ident[1] & 0xff) << 16
        | (ident[2] & 0xff) << 8
        | (ident[3] & 0xff);
  }
}
