package org.vmcore.gdb.core;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import org.vmcore.arch.Machine;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.OutputFile;

/** The bytes of a core file: header, program headers, notes, memory. */
final class CoreFile {
  private static final ElfClass CLASS = ElfClass.ELF64;
  private static final int PAGE = 4096;
  private static final int RWX = 7;

  /** Bytes that are read at once. */
  private static final int STRETCH = 1 << 18;

  private final Machine machine;
  private final ByteOrder order;
  private final byte[] notes;
  private final CoreLoads loads;

  CoreFile(Machine machine, ByteOrder order, byte[] notes, CoreLoads loads) {
    this.machine = machine;
    this.order = order;
    this.notes = notes;
    this.loads = loads;
  }

  /**
   * Reads all of its memory, so that what is lost shows.
   *
   * @return whether all of it was there
   */
  boolean check(Memory memory) throws VmcoreException {
    boolean isWhole = true;
    MemorySegment stretch = MemorySegment.ofArray(new byte[STRETCH]);
    for (int i = 0; i < loads.count(); i++) {
      long at = 0;
      while (at < loads.size(i)) {
        long n = Math.min(STRETCH, loads.size(i) - at);
        long got = memory.read(loads.start(i) + at, stretch.asSlice(0, n));
        isWhole &= got == n;
        at += got == n ? n : skipped(memory, loads.start(i) + at + got, n - got) + got;
      }
    }
    return isWhole;
  }

  /** How many bytes are lost from {@code address} on, at most {@code most}. */
  private static long skipped(Memory memory, long address, long most) throws VmcoreException {
    return memory.extentAt(address).clip(address, most).size();
  }

  /**
   * Writes it, and doesn't commit it.
   *
   * @return whether all is well; else something turned out to be lost that the program headers say
   *     is there
   */
  boolean write(OutputFile out, Memory memory, LongConsumer progress) throws VmcoreException {
    writeHeaders(out);
    out.write(notes, 0, notes.length);
    boolean isWhole = true;
    for (int i = 0; i < loads.count(); i++) {
      out.skip(behind(out.position(), loads.start(i)) - out.position());
      isWhole &= write(out, memory, loads.start(i), loads.size(i), progress);
    }
    return isWhole;
  }

  private static boolean write(
      OutputFile out, Memory memory, long start, long size, LongConsumer progress)
      throws VmcoreException {
    boolean isWhole = true;
    long done = 0;
    while (done < size) {
      long from = start + done;
      long got = out.append(size - done, dst -> memory.read(from, dst));
      if (got == 0) {
        got = skipped(memory, from, size - done);
        out.skip(got);
        isWhole = false;
      }
      done += got;
      progress.accept(got);
    }
    return isWhole;
  }

  /** The first file offset from {@code offset} on that is congruent to {@code vaddr}. */
  private static long behind(long offset, long vaddr) {
    return offset + ((vaddr - offset) & (PAGE - 1));
  }

  private void writeHeaders(OutputFile out) throws VmcoreException {
    int count = 1 + loads.count();
    ElfHeader header =
        new ElfHeader(
                new ElfIdent(CLASS, order, ElfHeader.EV_CURRENT, 0, 0, 0),
                ElfHeader.ET_CORE,
                machine.number(),
                ElfHeader.EV_CURRENT,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0)
            .withProgramHeaders(count);
    boolean isExtended = header.phnum() == ElfHeader.PN_XNUM;
    put(out, CLASS.headerSize(), to -> to.header(header));
    long at = CLASS.headerSize() + (long) count * CLASS.programHeaderSize();
    at += isExtended ? CLASS.sectionHeaderSize() : 0;
    put(out, new ProgramHeader(ProgramHeader.PT_NOTE, 0, at, 0, 0, notes.length, 0, 4));
    at += notes.length;
    for (int i = 0; i < loads.count(); i++) {
      long start = loads.start(i);
      long size = loads.size(i);
      at = behind(at, start);
      put(out, new ProgramHeader(ProgramHeader.PT_LOAD, RWX, at, start, 0, size, size, PAGE));
      at += size;
    }
    if (isExtended) {
      put(out, CLASS.sectionHeaderSize(), to -> to.skip(CLASS.sectionInfoOffset()).u32(count));
    }
  }

  private void put(OutputFile out, ProgramHeader header) throws VmcoreException {
    put(out, CLASS.programHeaderSize(), to -> to.programHeader(header));
  }

  private interface Filling {
    void fill(ElfWriter to);
  }

  private void put(OutputFile out, int size, Filling filling) throws VmcoreException {
    byte[] bytes = new byte[size];
    filling.fill(new ElfWriter(MemorySegment.ofArray(bytes), CLASS, order));
    out.write(bytes, 0, size);
  }
}
