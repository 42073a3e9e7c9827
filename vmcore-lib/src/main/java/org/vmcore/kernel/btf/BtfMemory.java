package org.vmcore.kernel.btf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.names.SymbolGaps;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.SearchBudget;

/**
 * The kernel's BTF in its memory: between {@code __start_BTF} and {@code __stop_BTF} or, where no
 * symbol tells, by its header.
 */
final class BtfMemory {
  private static final String WHAT = "BTF, the kernel's table of its types";

  private BtfMemory() {}

  /** The table; where there is none {@code gaps} is told why. */
  static Optional<Btf> read(KernelSource kernel, Symbols symbols, List<Finding> gaps)
      throws VmcoreException {
    KernelReader in = kernel.reader();
    OptionalLong start = symbols.addressInKernel("__start_BTF");
    if (start.isEmpty()) {
      try (SearchBudget budget = kernel.imageSearch(WHAT)) {
        start = BtfSearch.search(in, budget, kernel.imageRanges());
        if (start.isEmpty()) {
          gaps.add(missing(kernel, budget));
          return Optional.empty();
        }
      }
    }
    return Optional.of(at(in, start.getAsLong(), "BTF of the kernel"));
  }

  /** The table at {@code address}. */
  private static Btf at(KernelReader in, long address, String origin) throws VmcoreException {
    byte[] bytes = in.bytes(address, BtfHeader.SIZE, "__start_BTF");
    Optional<BtfHeader> header = BtfHeader.at(bytes, 0);
    if (header.isEmpty()) {
      throw in.fault(address, "__start_BTF", "no header of BTF");
    }
    return Btf.parse(
        origin, in.bytes(address, header.get().size(), "BTF of the kernel"), in.wordSize());
  }

  private static Finding missing(KernelSource kernel, SearchBudget budget) throws VmcoreException {
    String message = "no BTF in the kernel's image: " + WHAT + " isn't found";
    Finding gap = SymbolGaps.missing(kernel, budget, message);
    return new Finding("types", gap.severity(), gap.offset(), gap.message());
  }
}
