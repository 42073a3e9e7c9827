package org.vmcore.kernel.symbols;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.vmcore.kernel.names.SymbolGaps;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * Reads modules' symbols, all together up to a bound.
 *
 * <p>Where struct module has {@code kallsyms} depends on the kernel's configuration. Once a module
 * is live that pointer leads to {@code core_kallsyms} right behind itself, by which it is found. As
 * long as the module's init function runs it leads to a table of the init section. Source:
 * kernel/module/kallsyms.c.
 */
final class ModuleTables {
  /** What is kept of all modules, in bytes; a kernel has a few MiB. */
  private static final long MOST = Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 4);

  /** Larger than any struct module, in bytes. */
  private static final int MODULE_SIZE = 4096;

  /** MODULE_STATE_UNFORMED: there is nothing but its name yet. */
  private static final int UNFORMED = 3;

  /** How many modules are looked into for the field. */
  private static final int MAX_TRIED = 256;

  private final KernelReader in;
  private final OptionalInt field;
  private long left;
  private int leftOut;

  private ModuleTables(KernelReader in, OptionalInt field, long most) {
    this.in = in;
    this.field = field;
    this.left = most;
  }

  /** The tables of {@code modules}. */
  static ModuleTables of(KernelReader in, List<KernelModule> modules) throws VmcoreException {
    return of(in, modules, MOST);
  }

  /** The tables of {@code modules}, of which {@code most} bytes are read. */
  static ModuleTables of(KernelReader in, List<KernelModule> modules, long most)
      throws VmcoreException {
    List<KernelModule> tried = modules.subList(0, Math.min(modules.size(), MAX_TRIED));
    OptionalInt field = field(in, tried, true);
    return new ModuleTables(in, field.isPresent() ? field : field(in, tried, false), most);
  }

  /** Whether these are modules that have symbols. */
  boolean isFound() {
    return field.isPresent();
  }

  /** OFFSET(module.kallsyms), where some module is one with symbols. */
  private static OptionalInt field(KernelReader in, List<KernelModule> modules, boolean isOwn)
      throws VmcoreException {
    int word = in.wordSize();
    int size = ModKallsyms.size(in);
    int first = ModuleList.name(in) + ModuleList.nameSize(in);
    for (KernelModule module : modules) {
      byte[] fields = in.upTo(module.address(), MODULE_SIZE);
      for (int at = first; at + word + size <= fields.length; at += word) {
        long pointer = in.word(fields, at);
        boolean mayBe = isOwn ? pointer == module.address() + at + word : pointer != 0;
        if (mayBe && ModKallsyms.parse(in, fields, at + word).isTable(in) && isTable(in, pointer)) {
          return OptionalInt.of(at);
        }
      }
    }
    return OptionalInt.empty();
  }

  private static boolean isTable(KernelReader in, long address) throws VmcoreException {
    byte[] bytes = in.upTo(address, ModKallsyms.size(in));
    return bytes.length == ModKallsyms.size(in) && ModKallsyms.parse(in, bytes, 0).isTable(in);
  }

  /** {@code module}'s symbols; as far as they can't be read there are none, and a gap says so. */
  ModuleSymbols read(KernelModule module) throws VmcoreException {
    if (module.state() == UNFORMED) {
      return ModuleSymbols.none(in, module);
    }
    Optional<ModKallsyms> table;
    try {
      table = table(module);
    } catch (Unreadable e) {
      return ModuleSymbols.none(in, module, SymbolGaps.of(e));
    }
    if (table.isEmpty()) {
      return ModuleSymbols.none(
          in, module, SymbolGaps.warning("module " + module.name() + ": its symbols aren't found"));
    }
    Optional<ModuleSymbols> symbols = ModuleSymbols.read(in, module, table.get(), left);
    if (symbols.isEmpty()) {
      leftOut++;
      return ModuleSymbols.none(in, module);
    }
    left -= symbols.get().size();
    return symbols.get();
  }

  private Optional<ModKallsyms> table(KernelModule module) throws VmcoreException {
    if (field.isEmpty()) {
      return Optional.empty();
    }
    long at = module.address() + field.getAsInt();
    long pointer = in.word(at, "module.kallsyms");
    for (long each : new long[] {pointer, at + in.wordSize()}) { // the init section may be freed
      if (isTable(in, each)) {
        byte[] bytes = in.bytes(each, ModKallsyms.size(in), "kallsyms");
        return Optional.of(ModKallsyms.parse(in, bytes, 0));
      }
    }
    return Optional.empty();
  }

  void gaps(Consumer<Finding> out) {
    if (leftOut > 0) {
      out.accept(
          SymbolGaps.warning(
              "the symbols of "
                  + (leftOut == 1 ? "a module" : leftOut + " modules")
                  + " are left out: all together are too large"));
    }
  }
}
