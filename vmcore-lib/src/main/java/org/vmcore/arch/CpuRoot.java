package org.vmcore.arch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongToIntFunction;
import org.vmcore.elf.Note;
import org.vmcore.elf.QemuCpuState;
import org.vmcore.elf.Register;
import org.vmcore.elf.bytes.NoteReader;
import org.vmcore.memory.VmcoreException;

/**
 * The root of page tables that a CPU used.
 *
 * @param register what its register holds, as x86_64's CR3: the topmost table's physical address,
 *     and flags
 * @param levels how many levels the tables have
 * @param mapped kernel virtual addresses that this CPU used
 */
public record CpuRoot(long register, int levels, List<Long> mapped) {
  /** An unmodifiable copy of the addresses is kept. */
  public CpuRoot {
    mapped = List.copyOf(mapped);
  }

  /**
   * That of an x86 CPU, by QEMU's note; empty for other notes, and for one that is too short.
   *
   * @param names of registers that hold addresses which a running kernel has mapped
   * @param isKernel whether a value of theirs is a kernel's address
   * @param levels how many levels the tables have, by what CR4 holds
   * @throws VmcoreException when the note can't be read
   */
  static Optional<CpuRoot> ofQemu(
      Note note, List<String> names, LongPredicate isKernel, LongToIntFunction levels)
      throws VmcoreException {
    int size = NoteReader.QEMU_MIN_SIZE;
    if (!note.isQemuCpuState() || note.descriptor(size).length < size) {
      return Optional.empty();
    }
    QemuCpuState state = note.qemuCpuState();
    List<Long> mapped = new ArrayList<>();
    for (String name : names) {
      long value = value(state, name);
      if (isKernel.test(value)) {
        mapped.add(value);
      }
    }
    return Optional.of(
        new CpuRoot(value(state, "cr3"), levels.applyAsInt(value(state, "cr4")), mapped));
  }

  private static long value(QemuCpuState state, String name) {
    Optional<Register> register = state.register(name);
    return register.isEmpty() ? 0 : register.get().value();
  }
}
