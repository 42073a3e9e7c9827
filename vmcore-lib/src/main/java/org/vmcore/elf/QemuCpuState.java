package org.vmcore.elf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * {@code struct QEMUCPUState}: an x86 CPU as QEMU's dump-guest-memory saw it
 * (target/i386/arch_dump.c of QEMU).
 *
 * @param version of the structure; 1 is known
 * @param size of the structure in bytes
 * @param registers rax to r15, rip, rflags, the segments' selectors and bases, cr0 to cr4, and
 *     kernel_gs_base where the structure is long enough for it
 */
public record QemuCpuState(int version, int size, List<Register> registers) {
  /** The largest descriptor that is decoded in bytes. */
  public static final int MAX_SIZE = 1024;

  /** The size of a descriptor in bytes that doesn't hold kernel_gs_base yet. */
  public static final int MIN_SIZE = 432;

  private static final String[] GENERAL = {
    "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rsp", "rbp", "r8", "r9", "r10", "r11", "r12", "r13",
    "r14", "r15", "rip", "rflags"
  };
  private static final String[] SEGMENTS = {
    "cs", "ds", "es", "fs", "gs", "ss", "ldt", "tr", "gdt", "idt"
  };

  /** An unmodifiable copy of the registers is kept. */
  public QemuCpuState {
    registers = List.copyOf(registers);
  }

  /**
   * Parses a descriptor.
   *
   * @param file named in errors
   * @param offset of the descriptor in {@code file}
   */
  public static QemuCpuState parse(String file, long offset, MemorySegment desc, ByteOrder order)
      throws VmcoreException {
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
    if (desc.byteSize() > MIN_SIZE) {
      registers.add(new Register("kernel_gs_base", in.u64("kernel_gs_base")));
    }
    return new QemuCpuState(version, size, registers);
  }

  /** The register {@code name}. */
  public Optional<Register> register(String name) {
    return registers.stream().filter(r -> r.name().equals(name)).findFirst();
  }
}
