package org.vmcore.debuginfo.dwarf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.frames.FrameChain;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.Register;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.ChainCode;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/** Where CPUs were in functions that had made no frame record yet (FORMATS.md, 94). */
final class Recordless {
  private static final int INSTRUCTION = 4;

  private Recordless() {}

  /**
   * The code from the beginning of each such function up to behind the instruction that its CPU was
   * at.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  static List<AddressRange> of(KernelLayout layout) throws VmcoreException {
    Optional<FrameChain> chain =
        Architectures.of(layout.machine()).flatMap(Architecture::frameChain);
    return chain.isPresent() ? of(layout, chain.get()) : List.of();
  }

  private static List<AddressRange> of(KernelLayout layout, FrameChain chain)
      throws VmcoreException {
    Symbols symbols = layout.kernel().symbols();
    ChainCode code =
        new ChainCode(
            new ReadWords(layout.kernel().objects().reader()),
            pc -> start(symbols, pc),
            chain.code());
    List<AddressRange> found = new ArrayList<>();
    for (PrStatus cpu : layout.kernel().stacks().cpus()) {
      long pc = cpu.instructionPointer().map(Register::value).orElse(0L);
      OptionalLong start = pc < 0 ? start(symbols, pc) : OptionalLong.empty();
      if (start.isPresent() && !hasRecord(code, pc)) {
        found.add(new AddressRange(start.getAsLong(), pc + INSTRUCTION));
      }
    }
    return found;
  }

  private static OptionalLong start(Symbols symbols, long pc) throws VmcoreException {
    Optional<Symbol> symbol = symbols.nearest(pc);
    return symbol.isPresent() ? OptionalLong.of(symbol.get().address()) : OptionalLong.empty();
  }

  /** What can't be read is taken for what most functions are. */
  private static boolean hasRecord(ChainCode code, long pc) throws VmcoreException {
    try {
      return code.state(pc).hasFrame();
    } catch (BrokenStack e) {
      return true;
    }
  }
}
