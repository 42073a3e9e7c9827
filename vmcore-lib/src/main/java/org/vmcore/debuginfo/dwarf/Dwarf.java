package org.vmcore.debuginfo.dwarf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.debuginfo.globals.Globals;
import org.vmcore.debuginfo.globals.TypedGlobal;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.debuginfo.terms.LeftOut;
import org.vmcore.kernel.btf.KernelTypes;
import org.vmcore.kernel.btf.TypeRecords;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * DWARF 5 made of a kernel's BTF: a unit of all types, one of the variables, and units of the
 * functions, so that a debugger that looks for an address goes over few of them.
 */
public final class Dwarf {
  private static final String CHECK = "types";

  /** Several times what large kernels have: types and functions, each at least 12 bytes of BTF. */
  private static final int MOST_TYPES = 1 << 20;

  /** Bytes that the entry of a type takes, its members included. */
  private static final int TYPICAL = 48;

  private static final int MOST_ROOM = 1 << 23;

  private Dwarf() {}

  /**
   * The DWARF of a kernel; empty when it has no BTF.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static Optional<DebugSections> of(KernelLayout layout) throws VmcoreException {
    Optional<TypeRecords> types =
        layout.kernel().types() instanceof KernelTypes all ? all.records() : Optional.empty();
    return types.isEmpty() ? Optional.empty() : Optional.of(of(layout, types.get()));
  }

  private static DebugSections of(KernelLayout layout, TypeRecords types) throws VmcoreException {
    Globals globals = Globals.of(layout, types);
    List<Function> functions = Functions.of(layout, types);
    OptionalLong hz = layout.kernel().system().ticksPerSecond();
    return of(
        types,
        (virtual, at) -> layout.linked(virtual),
        globals.variables(),
        leftOut(globals),
        functions,
        hz);
  }

  /** What is made of the parts. */
  static DebugSections of(
      TypeRecords types,
      Addresses addresses,
      List<TypedGlobal> variables,
      List<LeftOut> leftOut,
      List<Function> functions,
      OptionalLong hz)
      throws VmcoreException {
    if (types.endId() > MOST_TYPES) {
      throw VmcoreException.of("BTF", types.endId() + " types: too many");
    }
    DebugStrings strings = new DebugStrings(types);
    int room = Math.min(MOST_ROOM, TYPICAL * (types.endId() - types.firstId()));
    DwarfBuffer info = new DwarfBuffer(types.isBigEndian(), room);
    Units units = new Units(info, strings, types.pointerSize(), addresses);
    TypeNesting nesting = TypeNesting.of(types);
    EnumIntegers integers = EnumIntegers.of(types);
    NeededTypes needed = NeededTypes.of(types, nesting, integers);
    for (TypedGlobal each : variables) {
      if (types.firstId() == 1) {
        needed.whole(each.base());
      } else {
        needed.declared(each.base()); // the kernel's file has it
      }
    }
    TypeUnit typeUnit = TypeUnit.write(types, nesting, needed, integers, units);
    VariableUnit.write(typeUnit, units, variables);
    FunctionUnits.write(types, typeUnit, units, functions, hz);
    return new DebugSections(
        info.toBuffer(),
        ByteBuffer.wrap(Abbreviation.table(types.isBigEndian())),
        strings.toBuffer(),
        typeUnit.entries(),
        functions.size(),
        variables.size(),
        leftOut,
        gaps(types, nesting.broken(), typeUnit.dropped()));
  }

  private static List<LeftOut> leftOut(Globals globals) {
    List<LeftOut> all = new ArrayList<>();
    for (Map.Entry<String, String> each : globals.leftOut().entrySet()) {
      all.add(new LeftOut(each.getKey(), each.getValue()));
    }
    return all;
  }

  private static List<Finding> gaps(TypeRecords types, int broken, int dropped) {
    List<Finding> gaps = new ArrayList<>();
    types.damage().ifPresent(damage -> gaps.add(gap(damage + "; types from there on are missing")));
    if (broken > 0) {
      gaps.add(gap("types that hold themselves, written without what they hold: " + broken));
    }
    if (dropped > 0) {
      gaps.add(gap("members and parameters without a type or a place, left out: " + dropped));
    }
    return gaps;
  }

  private static Finding gap(String message) {
    return new Finding(CHECK, Finding.Severity.ERROR, OptionalLong.empty(), "BTF: " + message);
  }
}
