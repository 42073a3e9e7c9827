package org.vmcore.format.s390;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * The notes of a stand-alone dump, as the kernel writes them: those of CPUs are made of the
 * registers that were stored in their lowcores, behind them is a copy of VMCOREINFO.
 *
 * <p>Sources: {@code struct lowcore} of Linux' arch/s390/include/asm/lowcore.h, from {@code mcesad}
 * on; {@code struct elf_prstatus} of s390x; {@code fill_cpu_elf_notes} of
 * arch/s390/kernel/crash_dump.c. Checked against the notes that zgetdump 2.35 makes.
 */
final class S390Notes {
  // In the lowcore.
  private static final int VECTOR_AREA = 0x11b0;
  private static final int FPRS = 0x1200;
  private static final int GPRS = 0x1280;
  private static final int PSW = 0x1300;
  private static final int PREFIX = 0x1318;
  private static final int FPC = 0x131c;
  private static final int TOD_PROGRAMMABLE = 0x1324;
  private static final int TIMER = 0x1328;
  private static final int CLOCK_COMPARATOR = 0x1330;
  private static final int ACRS = 0x1340;
  private static final int CTRS = 0x1380;
  private static final int LOWCORE_END = 0x1400;

  /** The vector area's address is a multiple of this; the lowest bits tell its size. */
  private static final long VECTOR_AREA_ALIGN = 0x400;

  private static final int VECTOR_REGISTER_SIZE = 16;
  private static final int PRSTATUS_SIZE = 336;
  private static final int PRSTATUS_PID = 32;
  private static final int PRSTATUS_REGISTERS = 112;
  private static final int FPREGSET_SIZE = 136;
  private static final int REGISTERS = 16;
  private static final int PSW_SIZE = 16;

  private static final int NT_PRSTATUS = 1;
  private static final int NT_FPREGSET = 2;
  private static final int NT_S390_TIMER = 0x301;
  private static final int NT_S390_TODCMP = 0x302;
  private static final int NT_S390_TODPREG = 0x303;
  private static final int NT_S390_CTRS = 0x304;
  private static final int NT_S390_PREFIX = 0x305;
  private static final int NT_S390_VXRS_LOW = 0x309;
  private static final int NT_S390_VXRS_HIGH = 0x30a;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private S390Notes() {}

  /**
   * The notes, one behind the other.
   *
   * @param memory by absolute address
   * @param info what the kernel tells of itself, where that is known
   * @param findings where CPUs are told whose lowcore isn't in the dump
   */
  static byte[] of(
      S390Header header, Memory memory, Optional<VmcoreInfo> info, List<Finding> findings)
      throws VmcoreException {
    S390Notes notes = new S390Notes();
    for (int i = 0; header.is64() && i < header.lowcores().size(); i++) {
      byte[] saved = new byte[LOWCORE_END - VECTOR_AREA];
      long at = header.lowcores().get(i) + VECTOR_AREA;
      if (memory.read(at, MemorySegment.ofArray(saved)) == saved.length) {
        notes.add(i + 1, saved);
        notes.addVectors(saved, memory);
      } else {
        String what = "CPU " + i + " has no registers: its lowcore's at " + Hex.of(at);
        findings.add(Finding.info("s390", what + " aren't in the dump"));
      }
    }
    info.ifPresent(
        its -> notes.note(VmcoreInfo.NAME, 0, its.text().getBytes(StandardCharsets.ISO_8859_1)));
    return notes.out.toByteArray();
  }

  /**
   * @param pid what stands for the CPU: its number, from 1 on
   * @param saved the lowcore from {@link #VECTOR_AREA} on
   */
  private void add(int pid, byte[] saved) {
    note("CORE", NT_PRSTATUS, prstatus(pid, saved));
    note("CORE", NT_FPREGSET, fpregset(saved));
    note("LINUX", NT_S390_TIMER, part(saved, TIMER, Long.BYTES));
    note("LINUX", NT_S390_TODCMP, part(saved, CLOCK_COMPARATOR, Long.BYTES));
    note("LINUX", NT_S390_TODPREG, part(saved, TOD_PROGRAMMABLE, Integer.BYTES));
    note("LINUX", NT_S390_CTRS, part(saved, CTRS, REGISTERS * Long.BYTES));
    note("LINUX", NT_S390_PREFIX, part(saved, PREFIX, Integer.BYTES));
  }

  /**
   * The vector registers, where the CPU has some. The upper halves of the first 16 are the floating
   * point registers.
   */
  private void addVectors(byte[] saved, Memory memory) throws VmcoreException {
    long at = ByteBuffer.wrap(saved).getLong() & -VECTOR_AREA_ALIGN;
    byte[] area = new byte[2 * REGISTERS * VECTOR_REGISTER_SIZE];
    if (at == 0 || memory.read(at, MemorySegment.ofArray(area)) < area.length) {
      return;
    }
    int half = area.length / 2;
    note("LINUX", NT_S390_VXRS_HIGH, Arrays.copyOfRange(area, half, area.length));
    ByteBuffer low = ByteBuffer.allocate(REGISTERS * Long.BYTES);
    for (int i = 0; i < REGISTERS; i++) {
      low.put(area, i * VECTOR_REGISTER_SIZE + Long.BYTES, Long.BYTES);
    }
    note("LINUX", NT_S390_VXRS_LOW, low.array());
  }

  private static byte[] prstatus(int pid, byte[] saved) {
    return ByteBuffer.allocate(PRSTATUS_SIZE)
        .putInt(PRSTATUS_PID, pid)
        .position(PRSTATUS_REGISTERS)
        .put(part(saved, PSW, PSW_SIZE))
        .put(part(saved, GPRS, REGISTERS * Long.BYTES))
        .put(part(saved, ACRS, REGISTERS * Integer.BYTES))
        .array();
  }

  private static byte[] fpregset(byte[] saved) {
    return ByteBuffer.allocate(FPREGSET_SIZE)
        .put(part(saved, FPC, Integer.BYTES))
        .position(Long.BYTES)
        .put(part(saved, FPRS, REGISTERS * Long.BYTES))
        .array();
  }

  private static byte[] part(byte[] saved, int at, int size) {
    return Arrays.copyOfRange(saved, at - VECTOR_AREA, at - VECTOR_AREA + size);
  }

  private void note(String name, int type, byte[] desc) {
    NoteHeader header = new NoteHeader(name.length() + 1, desc.length, type);
    ByteBuffer note = ByteBuffer.allocate((int) header.size());
    note.putInt(name.length() + 1).putInt(desc.length).putInt(type);
    note.put(name.getBytes(StandardCharsets.US_ASCII));
    note.position((int) header.descOffset()).put(desc);
    out.writeBytes(note.array());
  }
}
