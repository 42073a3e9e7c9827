package org.vmcore.kernel.stacks;

import java.util.Optional;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.kernel.unwind.PtRegs;
import org.vmcore.memory.VmcoreException;

/**
 * The unwinder of an architecture: most have a {@link FrameChain}; those that are listed here need
 * more than data.
 */
final class StackArchitecture {
  private StackArchitecture() {}

  /** The unwinder for {@code kernel}; empty where its architecture's stacks aren't known. */
  static Optional<Unwinder> unwinder(Machine machine, StackKernel kernel) throws VmcoreException {
    Optional<Architecture> known = Architectures.of(machine);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    PtRegs ptRegs = new PtRegs(known.get().ptRegs());
    return switch (machine.number()) {
      case Machine.X86_64 -> Optional.of(X86Stacks.of(kernel, ptRegs));
      case Machine.ARM64 -> Optional.of(Arm64Stacks.of(kernel, ptRegs));
      default -> chained(known.get().frameChain(), kernel);
    };
  }

  private static Optional<Unwinder> chained(Optional<FrameChain> chain, StackKernel kernel)
      throws VmcoreException {
    return chain.isPresent() ? Optional.of(ChainStacks.of(kernel, chain.get())) : Optional.empty();
  }
}
