package org.vmcore.cli.walk;

import java.util.List;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Of which CPUs a variable is meant.
 *
 * @param number −1: all of them
 */
record Cpus(int number) {
  /** What isn't a number. */
  static final List<String> WORDS = List.of("all");

  private static final int MAX = 1 << 14;

  List<Integer> of(KernelObjects objects) throws VmcoreException {
    return number < 0 ? objects.perCpu().possible() : List.of(number);
  }

  /** Parses a number, or {@code all}. */
  static final class Converter implements ITypeConverter<Cpus> {
    @Override
    public Cpus convert(String value) {
      if (value.equals("all")) {
        return new Cpus(-1);
      }
      try {
        int number = Integer.parseInt(value);
        if (number >= 0 && number < MAX) {
          return new Cpus(number);
        }
      } catch (NumberFormatException _) {
        // said below
      }
      throw new TypeConversionException("'" + value + "' is no CPU: a number, or all");
    }
  }
}
