package org.vmcore.kernel.stacks;

import java.util.List;
import java.util.Optional;
import org.vmcore.arch.Machine;
import org.vmcore.memory.VmcoreException;

/** The architectures whose stacks can be unwound: a new one is listed here. */
enum StackArchitecture {
  X86_64(Machine.X86_64, X86Stacks::of),
  ARM64(Machine.ARM64, Arm64Stacks::of);

  private static final List<StackArchitecture> ALL = List.of(values());

  private final int machine;
  private final Opening opening;

  StackArchitecture(int machine, Opening opening) {
    this.machine = machine;
    this.opening = opening;
  }

  /** Makes the unwinder of a kernel. */
  private interface Opening {
    Unwinder open(StackKernel kernel) throws VmcoreException;
  }

  /** The unwinder for {@code kernel}; empty where its architecture's stacks aren't known. */
  static Optional<Unwinder> unwinder(Machine machine, StackKernel kernel) throws VmcoreException {
    for (StackArchitecture each : ALL) {
      if (each.machine == machine.number() && machine.bits() == Long.SIZE) {
        return Optional.of(each.opening.open(kernel));
      }
    }
    return Optional.empty();
  }
}
