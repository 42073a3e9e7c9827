package org.vmcore.debuginfo.dwarf;

import java.util.List;
import java.util.OptionalLong;
import org.vmcore.kernel.btf.TypeRecords;

/**
 * The units of the functions, a thousand in each, by address: a debugger that looks for an address
 * goes over all entries of the unit that has it.
 */
final class FunctionUnits {
  /** Few enough to be gone over at once, and enough that the units aren't many. */
  private static final int MOST = 1024;

  /** Where less than this is between two functions, what is there may be taken for theirs. */
  private static final long GAP = 1 << 16;

  /** By this variable of this function crash learns HZ: five seconds, in ticks. */
  private static final String TICKS = "write_expire";

  private static final String TICKS_SCOPE = "dd_init_sched";
  private static final int TICKS_SECONDS = 5;

  private final TypeRecords types;
  private final TypeUnit typeUnit;
  private final Units units;
  private final OptionalLong hz;
  private int unit;

  private FunctionUnits(TypeRecords types, TypeUnit typeUnit, Units units, OptionalLong hz) {
    this.types = types;
    this.typeUnit = typeUnit;
    this.units = units;
    this.hz = hz;
  }

  /**
   * Writes all of them.
   *
   * @param functions by address, ascending
   * @param hz ticks per second, where they are known
   */
  static void write(
      TypeRecords types,
      TypeUnit typeUnit,
      Units units,
      List<Function> functions,
      OptionalLong hz) {
    FunctionUnits all = new FunctionUnits(types, typeUnit, units, hz);
    for (int from = 0; from < functions.size(); ) {
      from = all.unit(functions, from);
    }
  }

  /** Writes a unit, and returns which function is the first of the next one. */
  private int unit(List<Function> functions, int from) {
    long low = functions.get(from).address();
    long end = low;
    int size = units.begin("functions " + unit++, low);
    int at = from;
    while (at < functions.size() && at - from < MOST && isNear(end, functions.get(at).address())) {
      Function function = functions.get(at++);
      function(function);
      end = low + Math.max(end - low, function.address() - low + function.size());
    }
    units.out().put32(size, (int) (end - low));
    units.end();
    return at;
  }

  /** Functions may begin where others do, or within them. */
  private static boolean isNear(long end, long address) {
    return Long.compareUnsigned(address, end) < 0 || address - end < GAP;
  }

  private void function(Function function) {
    DwarfBuffer out = units.out();
    int prototype = function.prototype();
    int result = typeUnit.place(types.sizeOrType(prototype));
    units.entry(result == 0 ? Abbreviation.VOID_FUNCTION : Abbreviation.FUNCTION);
    int sibling = units.sibling();
    out.u8(function.isExternal() ? 1 : 0);
    out.u32(units.strings().of(types.name(function.id())));
    units.address(function.address());
    out.u32((int) function.size());
    if (result != 0) {
      out.u32(result);
    }
    parameters(prototype);
    units.endChildren(sibling);
    if (hz.isPresent() && types.string(types.name(function.id())).equals(TICKS_SCOPE)) {
      ticks(hz.getAsLong());
    }
  }

  private void parameters(int prototype) {
    for (int i = 0; i < types.count(prototype); i++) {
      int place = typeUnit.place(types.word(prototype, 2 * i + 1));
      int name = units.strings().of(types.word(prototype, 2 * i));
      if (place == 0) {
        if (TypeUnit.isVariadic(types, prototype, i)) {
          units.entry(Abbreviation.UNSPECIFIED_PARAMETERS);
        }
      } else if (units.strings().isEmpty(name)) {
        units.entry(Abbreviation.NAMELESS_FAR_PARAMETER);
        units.out().u32(place);
      } else {
        units.entry(Abbreviation.PARAMETER);
        units.out().u32(name);
        units.out().u32(place);
      }
    }
  }

  private void ticks(long perSecond) {
    int integer = typeUnit.place(types.find("int"));
    if (integer != 0) {
      units.entry(Abbreviation.CONSTANT);
      units.out().u32(units.strings().of(TICKS));
      units.out().u32(integer);
      units.out().sleb(TICKS_SECONDS * perSecond);
    }
  }
}
