package org.vmcore.debuginfo.dwarf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.elf.PrStatus;
import org.vmcore.elf.Register;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.kernel.unwind.Arm64Code;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/** Where arm64's CPUs were in functions that had made no frame record yet (FORMATS.md, 94). */
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
    Symbols symbols = layout.kernel().symbols();
    Arm64Code code =
        new Arm64Code(new ReadWords(layout.kernel().objects().reader()), pc -> start(symbols, pc));
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
  private static boolean hasRecord(Arm64Code code, long pc) throws VmcoreException {
    try {
      return code.hasRecord(pc);
    } catch (BrokenStack e) {
      return true;
    }
  }
}
