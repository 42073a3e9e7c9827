package org.vmcore.search;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.vmcore.elf.ElfClass;
import org.vmcore.testing.DumpBuilder;

/** A small machine's RAM from address 0 on, in which tests put what is sought. */
public final class RamBuilder {
  private final byte[] bytes;

  RamBuilder(int size) {
    bytes = DumpBuilder.pattern(0, size);
  }

  /** Puts bytes at an address. */
  RamBuilder put(int address, byte[] what) {
    System.arraycopy(what, 0, bytes, address, what.length);
    return this;
  }

  /** Puts an elfcorehdr of one PT_NOTE for a CPU, one for VMCOREINFO, and this PT_LOAD. */
  RamBuilder headers(int address, int cpuNotes, int vmcoreInfo, long start, long size) {
    DumpBuilder headers =
        DumpBuilder.elf64()
            .noteArea(0)
            .field("p_offset", cpuNotes)
            .field("p_memsz", 0x170)
            .noteArea(0)
            .field("p_offset", vmcoreInfo)
            .field("p_memsz", 0x1024)
            .load(start, new byte[0])
            .field("p_offset", start)
            .field("p_memsz", size);
    return put(address, Arrays.copyOf(headers.build(), 64 + 3 * 56));
  }

  /** Puts a CPU's note, and zeros up to the end of its area. */
  RamBuilder prstatus(int address) {
    byte[] area = new byte[0x170];
    byte[] note = notes(DumpBuilder.elf64().prstatus(1, 11));
    System.arraycopy(note, 0, area, 0, note.length);
    return put(address, area);
  }

  /** Puts a VMCOREINFO note of these lines. */
  RamBuilder vmcoreInfo(int address, String... lines) {
    return put(address, notes(DumpBuilder.elf64().vmcoreinfo(lines)));
  }

  /** Puts a VMCOREINFO note of a big-endian machine. */
  RamBuilder bigEndianInfo(int address, String... lines) {
    return put(address, notes(bigEndian().vmcoreinfo(lines)));
  }

  private static DumpBuilder bigEndian() {
    return DumpBuilder.of(ElfClass.ELF64, ByteOrder.BIG_ENDIAN);
  }

  /** Puts a big-endian word of 64 bits. */
  RamBuilder bigEndianWord(int address, long word) {
    return put(address, ByteBuffer.allocate(Long.BYTES).putLong(word).array());
  }

  /** Puts text. */
  RamBuilder text(int address, String text) {
    return put(address, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** The notes of a dump that has nothing else. */
  private static byte[] notes(DumpBuilder dump) {
    byte[] file = dump.build();
    int offset = (int) dump.crashHeaders().programHeaders().getFirst().offset();
    int size = (int) dump.crashHeaders().programHeaders().getFirst().filesz();
    return Arrays.copyOfRange(file, offset, offset + size);
  }
}
