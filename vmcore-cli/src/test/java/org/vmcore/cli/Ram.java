package org.vmcore.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.testing.DumpBuilder;

/**
 * The RAM of a small x86_64 machine, 44 KiB from address 0 on: two areas of System RAM, the first
 * one with 0xee around it in its pages, notes, and crash headers.
 */
final class Ram {
  static final int SIZE = 0xb000;
  static final int CPU_NOTES = 0x4000;
  static final int VMCOREINFO = 0x8000;
  static final int HEADERS = 0xa000;

  /** What the image of its vmcore takes up: header, notes, three pages and two. */
  static final int IMAGE_SIZE = 0x7000;

  private final byte[] bytes;

  private Ram(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The machine, and what its crash headers tell. */
  static DumpBuilder machine() {
    return DumpBuilder.elf64()
        .ramImage()
        .padding(0xee)
        .noteArea(0x170)
        .at(CPU_NOTES)
        .prstatus(4711, 11)
        .noteArea(0x1024)
        .at(VMCOREINFO)
        .vmcoreinfo(
            "OSRELEASE=6.1.0-test",
            "PAGESIZE=4096",
            "SYMBOL(_stext)=ffffffff81005000",
            "NUMBER(phys_base)=-16777216",
            "KERNELOFFSET=0")
        .load(0x1100, 0x2500)
        .vaddr(Dumps.DIRECT_MAP + 0x1100)
        .load(0x5000, 0x2000)
        .vaddr(Dumps.DIRECT_MAP + 0x5000);
  }

  /** The RAM of {@link #machine}, the headers at {@link #HEADERS}. */
  static Ram crashed() {
    return of(machine()).put(HEADERS, headers(machine()));
  }

  /** The RAM of a machine without crash headers in it. */
  static Ram of(DumpBuilder machine) {
    return new Ram(Arrays.copyOf(machine.build(), SIZE));
  }

  /** The elfcorehdr of {@code machine}. */
  static byte[] headers(DumpBuilder machine) {
    CrashHeaders headers = machine.crashHeaders();
    int count = headers.programHeaders().size();
    byte[] bytes = new byte[64 + 56 * count];
    ElfWriter out =
        new ElfWriter(MemorySegment.ofArray(bytes), ElfClass.ELF64, ByteOrder.LITTLE_ENDIAN);
    out.header(headers.header().withProgramHeaders(count));
    for (ProgramHeader each : headers.programHeaders()) {
      out.programHeader(each);
    }
    return bytes;
  }

  Ram put(int address, byte[] what) {
    byte[] changed = bytes.clone();
    System.arraycopy(what, 0, changed, address, what.length);
    return new Ram(changed);
  }

  byte[] bytes(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /** All of it, as it is. */
  Path writeTo(Path file) throws IOException {
    return Files.write(file, bytes);
  }

  /** In LiME's format: ranges that begin at these addresses, each up to the next one. */
  Path writeLime(Path file, int... starts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < starts.length; i++) {
      int end = i + 1 < starts.length ? starts[i + 1] : SIZE;
      ByteBuffer header = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
      out.write(header.putInt(0x4c694d45).putInt(1).putLong(starts[i]).putLong(end - 1L).array());
      out.write(bytes(starts[i], end));
    }
    return Files.write(file, out.toByteArray());
  }

  /**
   * Its vmcore behind header and notes, as the rules make it, with {@code padding} around the first
   * area.
   */
  static byte[] areas(int padding) {
    byte[] image = new byte[IMAGE_SIZE - 0x2000];
    Arrays.fill(image, 0, 0x3000, (byte) padding);
    System.arraycopy(DumpBuilder.pattern(0x1100, 0x2500), 0, image, 0x100, 0x2500);
    System.arraycopy(DumpBuilder.pattern(0x5000, 0x2000), 0, image, 0x3000, 0x2000);
    return image;
  }
}
