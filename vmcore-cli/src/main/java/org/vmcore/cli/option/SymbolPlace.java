package org.vmcore.cli.option;

import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.KernelMachine;
import org.vmcore.cli.output.LossException;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A symbol, or bytes behind it: {@code NAME} or {@code NAME+N}.
 *
 * @param name the symbol
 * @param plus how many bytes behind it
 */
public record SymbolPlace(String name, long plus) {
  /**
   * The virtual address in {@code vmcore}'s kernel.
   *
   * @throws VmcoreException when there is no such symbol, or it is a per-CPU variable's offset
   */
  public long address(Kernel kernel, Vmcore vmcore) throws VmcoreException {
    Optional<Symbol> found = kernel.symbols().first(name);
    if (found.isEmpty()) {
      throw missing(kernel, vmcore, "no symbol '" + name + "': ");
    }
    if (found.get().module().isEmpty() && !kernel.symbols().isPlaced()) {
      throw missing(kernel, vmcore, "");
    }
    long address = found.get().address();
    if (address >= 0 && vmcore.bits() == Long.SIZE && !isLow(vmcore)) {
      throw VmcoreException.of(
          vmcore.name(),
          "'"
              + name
              + "' is a per-CPU variable: "
              + Hex.of(address)
              + " is its offset in each CPU's area");
    }
    return behind(found.get());
  }

  /** Whether the kernel may lie in the lower half of the addresses. */
  private static boolean isLow(Vmcore vmcore) throws VmcoreException {
    return Architectures.of(
            KernelMachine.of(vmcore.header(), vmcore.notes(), vmcore.vmcoreInfo()).machine())
        .filter(Architecture::isIdentityMapped)
        .isPresent();
  }

  /** The address so far behind {@code symbol}. */
  public long behind(Symbol symbol) {
    if (Long.compareUnsigned(symbol.address() + plus, symbol.address()) < 0) {
      throw new UsageException("'" + name + "' and the offset reach past 2^64");
    }
    return symbol.address() + plus;
  }

  /** Parses what stands for {@code label} on the command line. */
  public static SymbolPlace parse(String label, String value) {
    try {
      return new Converter().convert(value);
    } catch (TypeConversionException e) {
      throw new UsageException("Invalid value for " + label + ": " + e.getMessage());
    }
  }

  /** Why there is no such symbol: a loss, if one of the tables is lost. */
  private static VmcoreException missing(Kernel kernel, Vmcore vmcore, String what)
      throws VmcoreException {
    List<Finding> gaps = kernel.symbols().gaps();
    for (Finding gap : gaps) {
      if (gap.severity() == Finding.Severity.ERROR) {
        return new LossException(vmcore.name(), what + gap.message());
      }
    }
    String why =
        gaps.isEmpty()
            ? what.substring(0, Math.max(0, what.length() - 2))
            : what + gaps.getFirst().message();
    return VmcoreException.of(vmcore.name(), why);
  }

  /** Parses a place out of an option. */
  public static final class Converter implements ITypeConverter<SymbolPlace> {
    @Override
    public SymbolPlace convert(String value) {
      int sign = value.lastIndexOf('+');
      String name = sign < 0 ? value : value.substring(0, sign);
      if (name.isEmpty()) {
        throw new TypeConversionException("'" + value + "' has no name: NAME or NAME+N");
      }
      return new SymbolPlace(name, sign < 0 ? 0 : plus(value.substring(sign + 1)));
    }

    /** An oops adds the function's size: {@code 0x10/0x80}. */
    private static long plus(String value) {
      int slash = value.indexOf('/');
      return Numbers.parse(slash < 0 ? value : value.substring(0, slash));
    }
  }
}
