package org.vmcore.samples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Extent;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;

/** A dump's physical memory, of which some pages are written anew; what is behind it is zeros. */
final class RepeatedSections implements OldMemory {
  private static final int PAGE = 4096;

  /** Where the note is: behind all memory. */
  private static final long NOTE = 1L << 50;

  private final Vmcore real;
  private final KernelMemory kernel;
  private final Map<Long, byte[]> pages = new HashMap<>();
  private final byte[] note;
  private final long realEnd;

  RepeatedSections(Vmcore real, KernelMemory kernel, VmcoreInfo info) {
    this.real = real;
    this.kernel = kernel;
    byte[] text = info.text().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(24 + (text.length + 3) / 4 * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes
        .putInt(11)
        .putInt(text.length)
        .putInt(0)
        .put("VMCOREINFO\0\0".getBytes(StandardCharsets.UTF_8));
    note = bytes.put(text).array();
    long end = 0;
    for (ProgramHeader each : real.segments()) {
      end = each.isLoad() ? Math.max(end, each.paddr() + each.memsz()) : end;
    }
    realEnd = (end + (1L << 27) - 1) & -(1L << 27);
  }

  /** Where the repeated sections begin. */
  long realEnd() {
    return realEnd;
  }

  ProgramHeader note() {
    return new ProgramHeader(ProgramHeader.PT_NOTE, 0, NOTE, 0, 0, note.length, note.length, 0);
  }

  /** The word at a kernel virtual address. */
  long word(long address) throws VmcoreException {
    byte[] word = new byte[Long.BYTES];
    kernel.read(address, MemorySegment.ofArray(word));
    return ByteBuffer.wrap(word).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  /** Writes a word at a kernel virtual address. */
  void put(long address, long value) throws VmcoreException {
    long physical = kernel.physical(address).orElseThrow();
    byte[] page = pages.get(physical / PAGE);
    if (page == null) {
      page = new byte[PAGE];
      real.physical().read(physical & -PAGE, MemorySegment.ofArray(page));
      pages.put(physical / PAGE, page);
    }
    ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putLong((int) physical % PAGE, value);
  }

  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    if (address >= NOTE) {
      long size = Math.min(dst.byteSize(), note.length - (address - NOTE));
      MemorySegment.copy(note, (int) (address - NOTE), dst, ValueLayout.JAVA_BYTE, 0, (int) size);
      return size;
    }
    long done = 0;
    while (done < dst.byteSize()) {
      long at = address + done;
      long size = dst.byteSize() - done;
      byte[] page = pages.get(at / PAGE);
      if (page != null) {
        size = Math.min(size, PAGE - at % PAGE);
        MemorySegment.copy(page, (int) (at % PAGE), dst, ValueLayout.JAVA_BYTE, done, (int) size);
        done += size;
        continue;
      }
      long end = at;
      while (end < at + size && !pages.containsKey(end / PAGE)) {
        end = (end / PAGE + 1) * PAGE;
      }
      size = Math.min(size, end - at);
      long got = at < realEnd ? real.physical().read(at, dst.asSlice(done, size)) : 0;
      dst.asSlice(done + got, size - got).fill((byte) 0);
      done += size;
    }
    return done;
  }

  @Override
  public Extent extentAt(long address) {
    return address >= NOTE
        ? new Extent(NOTE, note.length, PageState.PRESENT)
        : new Extent(0, NOTE, PageState.PRESENT);
  }
}
