package org.vmcore.format.s390;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 * <p>Sources: {@code floating_pt_save_area} and what follows it of Linux' arch/s390/include/asm/
 * lowcore.h; {@code struct elf_prstatus} of s390x; arch/s390/kernel/crash_dump.c.
 */
final class S390Notes {
  private static final int SAVE_AREA = 0x1200;
  private static final int SAVE_AREA_SIZE = 0x200;
  private static final int GPRS = 0x80;
  private static final int PSW = 0x100;
  private static final int PREFIX = 0x118;
  private static final int FPC = 0x11c;
  private static final int TOD_PROGRAMMABLE = 0x124;
  private static final int TIMER = 0x128;
  private static final int CLOCK_COMPARATOR = 0x130;
  private static final int ACRS = 0x140;
  private static final int CTRS = 0x180;

  private static final int PRSTATUS_SIZE = 336;
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
      byte[] area = new byte[SAVE_AREA_SIZE];
      long at = header.lowcores().get(i) + SAVE_AREA;
      if (memory.read(at, MemorySegment.ofArray(area)) == area.length) {
        notes.add(area);
      } else {
        String what = "CPU " + i + " has no registers: its lowcore's at " + Hex.of(at);
        findings.add(Finding.info("s390", what + " aren't in the dump"));
      }
    }
    info.ifPresent(
        its -> notes.note(VmcoreInfo.NAME, 0, its.text().getBytes(StandardCharsets.ISO_8859_1)));
    return notes.out.toByteArray();
  }

  private void add(byte[] area) {
    note("CORE", NT_PRSTATUS, prstatus(area));
    note("CORE", NT_FPREGSET, fpregset(area));
    note("LINUX", NT_S390_TIMER, part(area, TIMER, Long.BYTES));
    note("LINUX", NT_S390_TODCMP, part(area, CLOCK_COMPARATOR, Long.BYTES));
    note("LINUX", NT_S390_TODPREG, part(area, TOD_PROGRAMMABLE, Integer.BYTES));
    note("LINUX", NT_S390_CTRS, part(area, CTRS, REGISTERS * Long.BYTES));
    note("LINUX", NT_S390_PREFIX, part(area, PREFIX, Integer.BYTES));
  }

  private static byte[] prstatus(byte[] area) {
    return ByteBuffer.allocate(PRSTATUS_SIZE)
        .position(PRSTATUS_REGISTERS)
        .put(area, PSW, PSW_SIZE)
        .put(area, GPRS, REGISTERS * Long.BYTES)
        .put(area, ACRS, REGISTERS * Integer.BYTES)
        .array();
  }

  private static byte[] fpregset(byte[] area) {
    return ByteBuffer.allocate(FPREGSET_SIZE)
        .put(area, FPC, Integer.BYTES)
        .position(Long.BYTES)
        .put(area, 0, REGISTERS * Long.BYTES)
        .array();
  }

  private static byte[] part(byte[] area, int from, int size) {
    return ByteBuffer.allocate(size).put(area, from, size).array();
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
