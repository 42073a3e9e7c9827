package org.vmcore.debuginfo.layout;

import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.symbols.KernelSymbols;
import org.vmcore.kernel.types.Variable;
import org.vmcore.memory.AddressRange;

/**
 * Finds where per-CPU variables lie when no symbol tells: from the addresses of those that are
 * exported, and where BTF says that these lie among the others.
 */
final class PerCpuRange {
  private PerCpuRange() {}

  /** The range that all of these agree on, when it is a part of {@code image}. */
  static Optional<AddressRange> of(
      KernelSymbols symbols, List<Variable> variables, AddressRange image) {
    boolean isKnown = false;
    long start = 0;
    long size = 0;
    for (Variable each : variables) {
      size = Math.max(size, each.offset() + each.size());
      int symbol = symbols.find(each.name());
      if (symbol < 0) {
        continue;
      }
      long told = symbols.address(symbol) - each.offset();
      if (isKnown && told != start) {
        return Optional.empty();
      }
      start = told;
      isKnown = true;
    }
    return isKnown && size > 0 && size <= image.size() && image.contains(start)
        ? Optional.of(AddressRange.ofSize(start, size)).filter(image::contains)
        : Optional.empty();
  }
}
