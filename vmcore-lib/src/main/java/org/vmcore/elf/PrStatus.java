package org.vmcore.elf;

import java.util.List;
import java.util.Optional;

/**
 * {@code struct elf_prstatus}: one CPU at the time of the crash (include/uapi/linux/elfcore.h).
 *
 * <p>It doesn't hold the CPU's number, and pid 0 comes once for each idle CPU.
 *
 * @param signal pr_cursig
 * @param pid pr_pid of the task that ran
 * @param registers pr_reg in on-disk order; empty for machines whose layout isn't known here
 * @param instructionPointer that one of them which tells where the CPU was, by its machine's name:
 *     {@code rip}, {@code pc}, {@code nip}, {@code psw_addr}
 */
public record PrStatus(
    int signal, int pid, List<Register> registers, Optional<Register> instructionPointer) {
  /** An unmodifiable copy of the registers is kept. */
  public PrStatus {
    registers = List.copyOf(registers);
  }

  /** The register {@code name}. */
  public Optional<Register> register(String name) {
    return registers.stream().filter(r -> r.name().equals(name)).findFirst();
  }
}
