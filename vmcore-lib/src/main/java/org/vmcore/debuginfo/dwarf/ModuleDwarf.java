package org.vmcore.debuginfo.dwarf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.debuginfo.globals.TypedGlobal;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.btf.BtfKind;
import org.vmcore.kernel.btf.KernelTypes;
import org.vmcore.kernel.btf.TypeRecords;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.VmcoreException;

/**
 * DWARF of a module: its own types, its functions, and {@code __this_module}. Addresses in it are
 * zeros; where each belongs the relocations tell.
 *
 * @param sections what is written
 * @param relocations the addresses, by their places
 */
public record ModuleDwarf(DebugSections sections, List<Relocation> relocations) {
  private static final String THIS_MODULE = "__this_module";

  /**
   * An address in {@code .debug_info}.
   *
   * @param at where it stands, in bytes
   * @param address kernel virtual
   */
  public record Relocation(int at, long address) {}

  /** An unmodifiable copy of the relocations is kept. */
  public ModuleDwarf {
    relocations = List.copyOf(relocations);
  }

  /**
   * The DWARF of {@code module}; empty when it has no BTF of its own.
   *
   * @param symbols the module's
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static Optional<ModuleDwarf> of(Kernel kernel, LoadedModule module, List<Symbol> symbols)
      throws VmcoreException {
    Optional<TypeRecords> types =
        kernel.types() instanceof KernelTypes all ? all.records(module.name()) : Optional.empty();
    if (types.isEmpty()) {
      return Optional.empty();
    }
    List<Relocation> relocations = new ArrayList<>();
    Addresses addresses =
        (virtual, at) -> {
          relocations.add(new Relocation(at, virtual));
          return 0;
        };
    int struct = types.get().find("struct module");
    List<TypedGlobal> variables =
        struct == 0
            ? List.of()
            : List.of(TypedGlobal.of(THIS_MODULE, module.address(), true, struct));
    DebugSections sections =
        Dwarf.of(
            types.get(),
            addresses,
            variables,
            List.of(),
            functions(types.get(), module, symbols),
            OptionalLong.empty());
    return Optional.of(new ModuleDwarf(sections, relocations));
  }

  private static List<Function> functions(
      TypeRecords types, LoadedModule module, List<Symbol> symbols) {
    Map<String, Symbol> byName = new HashMap<>();
    for (Symbol each : symbols) {
      if (Functions.isCode(each.type()) && module.contains(each.address())) {
        byName.putIfAbsent(each.name(), each);
      }
    }
    List<Function> functions = new ArrayList<>();
    for (int id = types.firstId(); id < types.endId(); id++) {
      if (types.kind(id) == BtfKind.FUNC && Functions.isPrototype(types, types.sizeOrType(id))) {
        Symbol symbol = byName.remove(types.string(types.name(id)));
        long size = symbol == null ? 0 : symbol.size().orElse(0);
        if (symbol != null && size > 0 && size < Functions.LARGEST) {
          boolean isExternal = Character.isUpperCase(symbol.type());
          functions.add(new Function(id, types.sizeOrType(id), symbol.address(), size, isExternal));
        }
      }
    }
    functions.sort((one, other) -> Long.compareUnsigned(one.address(), other.address()));
    return functions;
  }
}
