package org.vmcore.debuginfo.elf;

import java.nio.ByteBuffer;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/**
 * A section that will be written, and how.
 *
 * @param name its name
 * @param type sh_type
 * @param flags sh_flags
 * @param address sh_addr; 0 where it isn't in memory
 * @param size sh_size
 * @param link sh_link
 * @param info sh_info
 * @param align sh_addralign
 * @param entrySize sh_entsize
 * @param body writes {@code size} bytes
 */
record FilePart(
    String name,
    int type,
    long flags,
    long address,
    long size,
    int link,
    int info,
    long align,
    long entrySize,
    Body body) {
  /** Writes what is in a section. */
  @FunctionalInterface
  interface Body {
    void write(OutputFile out) throws VmcoreException;
  }

  /** A section that isn't in memory, of bytes that are at hand. */
  static FilePart of(String name, int type, ByteBuffer bytes, long align) {
    return new FilePart(
        name, type, 0, 0, bytes.remaining(), 0, 0, align, 0, out -> out.write(bytes.duplicate()));
  }

  /** A section in memory of which the file has nothing. */
  static FilePart empty(String name, long flags, AddressRange range) {
    long start = range.start();
    long align = Long.lowestOneBit(start | KernelFile.PAGE);
    return new FilePart(
        name, SectionHeader.NOBITS, flags, start, range.size(), 0, 0, align, 0, out -> {});
  }

  /** The same, said to be at {@code place} in memory. */
  FilePart at(long place) {
    return new FilePart(name, type, flags, place, size, link, info, align, entrySize, body);
  }

  boolean isInMemory() {
    return (flags & SectionHeader.ALLOC) != 0;
  }

  boolean isInFile() {
    return type != SectionHeader.NOBITS;
  }

  /** Where it begins in the file, when {@code end} is where what is in front of it ends. */
  long offset(long end) {
    long unit = isInMemory() ? KernelFile.PAGE : align;
    return end + ((address - end) & (unit - 1));
  }

  SectionHeader header(int name, long offset) {
    return new SectionHeader(
        name, type, flags, address, offset, size, link, info, align, entrySize);
  }
}
