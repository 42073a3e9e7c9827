package org.vmcore.kernel.stacks;

import java.util.List;
import java.util.Optional;
import org.vmcore.elf.Register;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.values.Described;

/**
 * A frame of a stack: a function that was called. Functions that the compiler put into others have
 * none.
 *
 * @param address the instruction at which it was interrupted or, of a frame that called the one
 *     before it, to which that returns; kernel virtual
 * @param stackPointer its stack pointer; on arm64, where only records lead from frame to frame, the
 *     address of its record, but where it was interrupted
 * @param symbol the function; empty where no symbol tells
 * @param module the module whose code it is; empty for the kernel's own
 * @param isReliable whether it is certain: what is found by a guess, and all behind it, is not
 * @param isInterrupted whether an exception stopped it at {@code address}, or its registers were
 *     taken there when the kernel crashed
 * @param registers where it was interrupted its registers, as far as they are known, by the names
 *     of {@code struct pt_regs}; else none
 */
public record Frame(
    long address,
    long stackPointer,
    Optional<Symbol> symbol,
    Optional<String> module,
    boolean isReliable,
    boolean isInterrupted,
    List<Register> registers) {
  /** An unmodifiable copy of the registers is kept. */
  public Frame {
    registers = List.copyOf(registers);
  }

  /** How far {@link #address} lies behind the beginning of {@link #symbol}; 0 without one. */
  public long offset() {
    return symbol.isPresent() ? address - symbol.get().address() : 0;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Frame")
        .hex("address", address)
        .hex("stackPointer", stackPointer)
        .add("symbol", symbol)
        .add("module", module)
        .add("isReliable", isReliable)
        .add("isInterrupted", isInterrupted)
        .add("registers", registers)
        .toString();
  }
}
