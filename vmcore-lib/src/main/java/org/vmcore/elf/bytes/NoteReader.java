package org.vmcore.elf.bytes;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.QemuCpuState;
import org.vmcore.elf.Register;
import org.vmcore.elf.Vmcoredd;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/** Reads the descriptors of notes. Offsets are those of the descriptor in the file or image. */
public final class NoteReader {
  /** The largest descriptor of a CPU's registers that is looked at in bytes: any machine's. */
  public static final int MAX_SIZE = 1024;

  /** The size of a QEMUCPUState in bytes that doesn't hold kernel_gs_base yet. */
  public static final int QEMU_MIN_SIZE = 432;

  private static final String[] GENERAL = {
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rsp", "rbp", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15", "rip", "rflags"
  };
  private static final String[] SEGMENTS = {
    "cs", "ds", "es", "fs", "gs", "ss", "ldt", "tr", "gdt", "idt"
  };

  private NoteReader() {}

  /**
   * {@code struct elf_prstatus} (include/uapi/linux/elfcore.h).
   *
   * @param file named in errors
   */
  public static PrStatus prStatus(
      String file, long offset, MemorySegment desc, ByteOrder order, PrStatusLayout layout)
      throws VmcoreException {
    return layout.read(Cursor.of(file, offset, desc, order));
  }

  /**
   * {@code struct QEMUCPUState} (target/i386/arch_dump.c of QEMU).
   *
   * @param file named in errors
   */
  public static QemuCpuState qemuCpuState(
      String file, long offset, MemorySegment desc, ByteOrder order) throws VmcoreException {
    Cursor in = Cursor.of(file, offset, desc, order);
    int version = in.s32("version");
    int size = in.s32("size");
    List<Register> registers = new ArrayList<>();
    for (String name : GENERAL) {
      registers.add(new Register(name, in.u64(name)));
    }
    for (String name : SEGMENTS) {
      registers.add(new Register(name, in.u32(name + ".selector")));
      in.skip(12, name + ".limit");
      registers.add(new Register(name + "_base", in.u64(name + ".base")));
    }
    for (int i = 0; i < 5; i++) {
      registers.add(new Register("cr" + i, in.u64("cr")));
    }
    if (desc.byteSize() > QEMU_MIN_SIZE) {
      registers.add(new Register("kernel_gs_base", in.u64("kernel_gs_base")));
    }
    return new QemuCpuState(version, size, registers);
  }

  /**
   * {@code struct vmcoredd_header} behind its note header (include/uapi/linux/vmcore.h).
   *
   * @param file named in errors
   * @param desc its first {@link Vmcoredd#NAME_SIZE} bytes, fewer when it is shorter
   * @param descsz n_descsz
   */
  public static Vmcoredd vmcoredd(String file, long offset, MemorySegment desc, long descsz)
      throws VmcoreException {
    Cursor in = Cursor.of(file, offset, desc, ByteOrder.LITTLE_ENDIAN);
    String name = in.text(Vmcoredd.NAME_SIZE, "dump_name");
    return new Vmcoredd(name, offset + Vmcoredd.NAME_SIZE, descsz - Vmcoredd.NAME_SIZE);
  }
}
