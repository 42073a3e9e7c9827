package org.vmcore.cli.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.option.UsageException;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.types.ArrayType;
import org.vmcore.kernel.types.Type;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.TypeConversionException;

/** The heads that a place on the command line stands for: of each CPU, or of an array, several. */
final class Heads {
  static final String PLACE = "SYMBOL|ADDR";

  private static final int MAX_HEADS = 1 << 16;

  private final Kernel kernel;
  private final KernelObjects objects;
  private final Vmcore vmcore;
  private final ListQuestion asked;

  Heads(Kernel kernel, Vmcore vmcore, ListQuestion asked) {
    this.kernel = kernel;
    this.objects = kernel.objects();
    this.vmcore = vmcore;
    this.asked = asked;
  }

  /**
   * Where a list or tree begins.
   *
   * @param cpu whose it is; −1: nobody's
   * @param object what lies there, when its type is known
   */
  record Head(long address, int cpu, Optional<KernelObject> object) {}

  List<Head> find() throws VmcoreException {
    List<Head> heads = new ArrayList<>();
    if (asked.cpus().isEmpty()) {
      add(heads, address(), -1);
      return heads;
    }
    SymbolPlace symbol = symbol();
    for (int cpu : asked.cpus().get().of(objects)) {
      add(heads, objects.perCpu().address(symbol.name(), cpu) + symbol.plus(), cpu);
    }
    return heads;
  }

  private SymbolPlace symbol() {
    if (Numbers.isAddress(asked.place())) {
      throw new UsageException("--cpu has no effect with an address");
    }
    return SymbolPlace.parse(PLACE, asked.place());
  }

  private long address() throws VmcoreException {
    if (Numbers.isAddress(asked.place())) {
      try {
        return Numbers.address(asked.place());
      } catch (TypeConversionException e) {
        throw new UsageException("Invalid value for " + PLACE + ": " + e.getMessage());
      }
    }
    SymbolPlace symbol = SymbolPlace.parse(PLACE, asked.place());
    if (KnownHeads.perCpu(symbol.name(), objects).isPresent()) {
      throw VmcoreException.of(
          vmcore.name(), "'" + symbol.name() + "' is a per-CPU variable: --cpu N, or --cpu all");
    }
    return symbol.address(kernel, vmcore);
  }

  private void add(List<Head> heads, long address, int cpu) throws VmcoreException {
    Optional<KernelObject> found = object(address);
    if (found.isEmpty() || !(found.get().type().plain() instanceof ArrayType array)) {
      heads.add(new Head(found.isEmpty() ? address : found.get().address(), cpu, found));
      return;
    }
    if (array.count() > MAX_HEADS) {
      throw objects.missing("array of so many heads: " + array.count());
    }
    for (int i = 0; i < array.count(); i++) {
      KernelObject each = found.get().element(i).orElseThrow();
      heads.add(new Head(each.address(), cpu, Optional.of(each)));
    }
  }

  private Optional<KernelObject> object(long address) throws VmcoreException {
    if (asked.head().isPresent()) {
      return Optional.of(asked.head().get().at(objects, address));
    }
    Optional<Type> known =
        Numbers.isAddress(asked.place())
            ? Optional.empty()
            : KnownHeads.find(asked.place(), objects);
    return known.isEmpty() ? Optional.empty() : Optional.of(objects.at(address, known.get()));
  }
}
