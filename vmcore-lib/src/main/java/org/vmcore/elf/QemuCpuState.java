package org.vmcore.elf;

import java.util.List;
import java.util.Optional;

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
  /** An unmodifiable copy of the registers is kept. */
  public QemuCpuState {
    registers = List.copyOf(registers);
  }

  /** The register {@code name}. */
  public Optional<Register> register(String name) {
    return registers.stream().filter(r -> r.name().equals(name)).findFirst();
  }
}
