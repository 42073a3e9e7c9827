package org.vmcore.kernel.stacks;

import java.util.Optional;
import org.vmcore.arch.Machine;
import org.vmcore.memory.VmcoreException;

/** The architectures whose stacks can be unwound: a new one is listed here. */
final class StackArchitecture {
  private StackArchitecture() {}

  /** The unwinder for {@code kernel}; empty where its architecture's stacks aren't known. */
  static Optional<Unwinder> unwinder(Machine machine, StackKernel kernel) throws VmcoreException {
    return switch (machine.bits() == Long.SIZE ? machine.number() : Machine.NONE) {
      case Machine.X86_64 -> Optional.of(X86Stacks.of(kernel));
      case Machine.ARM64 -> Optional.of(Arm64Stacks.of(kernel));
      default -> Optional.empty();
    };
  }
}
