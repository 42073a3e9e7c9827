package org.vmcore.cli.note;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.KernelMachine;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Search;
import org.vmcore.values.Hex;

/**
 * The kernel's functions that CPUs were in, as far as they are to be had in no time: the dump has a
 * VMCOREINFO note, and little of memory is searched where that doesn't tell of kallsyms.
 */
final class CodePlaces {
  /** Bytes, and so milliseconds: the kernel's image is hardly larger. */
  private static final long SEARCHED = 64 << 20;

  private final Optional<Symbols> symbols;
  private final boolean isLow;

  /** Those that were asked for: many CPUs are in the same one, idle. */
  private final Map<Long, Optional<Place>> known = new HashMap<>();

  private CodePlaces(Optional<Symbols> symbols, boolean isLow) {
    this.symbols = symbols;
    this.isLow = isLow;
  }

  /**
   * A function, or so many bytes behind its start.
   *
   * @param offset in bytes
   */
  record Place(Symbol symbol, long offset) {
    /** {@code NAME+0xN [MODULE]}. */
    String text() {
      String module = symbol.module().map(name -> " [" + name + "]").orElse("");
      return symbol.name() + "+" + Hex.of(offset) + module;
    }
  }

  /** Those of {@code vmcore}'s kernel. */
  static CodePlaces of(Vmcore vmcore) throws VmcoreException {
    if (vmcore.isXenHost() || vmcore.vmcoreInfo().isEmpty()) {
      return new CodePlaces(Optional.empty(), false);
    }
    Search search = vmcore.search();
    Search quick = new Search(Math.min(SEARCHED, search.bytes()), search.listener());
    return new CodePlaces(Optional.of(Kernel.of(vmcore, quick).symbols()), isLow(vmcore));
  }

  /** Whether the kernel's addresses may be any, and not only those of the upper half. */
  private static boolean isLow(Vmcore vmcore) throws VmcoreException {
    return vmcore.bits() < Long.SIZE
        || Architectures.of(
                KernelMachine.of(vmcore.header(), vmcore.notes(), vmcore.vmcoreInfo()).machine())
            .filter(Architecture::isIdentityMapped)
            .isPresent();
  }

  /** The function at {@code address}; empty where none is known, or it is a process's. */
  Optional<Place> at(OptionalLong address) {
    return address.isEmpty() || (address.getAsLong() >= 0 && !isLow)
        ? Optional.empty()
        : known.computeIfAbsent(address.getAsLong(), this::find);
  }

  private Optional<Place> find(long address) {
    try {
      return symbols.isEmpty()
          ? Optional.empty()
          : symbols.get().nearest(address).map(s -> new Place(s, address - s.address()));
    } catch (VmcoreException e) {
      return Optional.empty(); // notes are there without symbols, too
    }
  }
}
