package org.vmcore.kernel.stacks;

import java.util.Optional;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.kernel.unwind.PtRegs;
import org.vmcore.memory.VmcoreException;

/**
 * The unwinder of an architecture: by its {@link FrameChain}; x86_64's, which keeps none, by
 * tables.
 */
final class StackArchitecture {
  private StackArchitecture() {}

  /** The unwinder for {@code kernel}; empty where its architecture's stacks aren't known. */
  static Optional<Unwinder> unwinder(Machine machine, StackKernel kernel) throws VmcoreException {
    Optional<Architecture> known = Architectures.of(machine);
    if (known.isPresent() && machine.number() == Machine.X86_64) {
      return Optional.of(X86Stacks.of(kernel, new PtRegs(known.get().ptRegs())));
    }
    Optional<FrameChain> chain = known.flatMap(Architecture::frameChain);
    return chain.isPresent() ? Optional.of(ChainStacks.of(kernel, chain.get())) : Optional.empty();
  }
}
