package org.vmcore.debuginfo.dwarf;

import static org.vmcore.debuginfo.dwarf.DwarfCodes.DW_OP_ADDR;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vmcore.debuginfo.globals.Layer;
import org.vmcore.debuginfo.globals.TypedGlobal;
import org.vmcore.debuginfo.globals.TypedGlobal.Part;

/** The unit of the variables, and of those of their types that BTF doesn't have. */
final class VariableUnit {
  private static final String NAME = "variables";

  private final TypeUnit types;
  private final Units units;

  /** Where a type is that layers make of another one, by the form and the other's place. */
  private final Map<Long, Integer> places = new HashMap<>();

  private VariableUnit(TypeUnit types, Units units) {
    this.types = types;
    this.units = units;
  }

  /** Writes the unit. */
  static void write(TypeUnit types, Units units, List<TypedGlobal> variables) {
    VariableUnit unit = new VariableUnit(types, units);
    units.begin(NAME);
    for (TypedGlobal each : variables) {
      unit.variable(each);
    }
    units.end();
  }

  private void variable(TypedGlobal variable) {
    int type = type(variable);
    if (type == 0) {
      return; // of a type that makes no sense
    }
    DwarfBuffer out = units.out();
    units.entry(Abbreviation.VARIABLE);
    out.u32(units.strings().of(variable.name()));
    out.u32(type);
    out.u8(variable.isExternal() ? 1 : 0);
    out.uleb(1 + units.addressSize());
    out.u8(DW_OP_ADDR);
    units.address(variable.address());
  }

  private int type(TypedGlobal variable) {
    int type =
        variable.structure().isEmpty()
            ? types.place(variable.base())
            : structure(variable.structure());
    for (Layer layer : variable.layers()) {
      type = layered(layer, type);
    }
    List<Long> counts = variable.counts();
    for (int i = counts.size() - 1; i >= 0 && type != 0; i--) {
      type = array(type, counts.get(i));
    }
    return type;
  }

  private int layered(Layer layer, int of) {
    Abbreviation form =
        switch (layer) {
          case POINTER -> of == 0 ? Abbreviation.VOID_POINTER : Abbreviation.FAR_POINTER;
          case CONST -> of == 0 ? Abbreviation.VOID_CONST : Abbreviation.FAR_CONST;
          case VOLATILE -> of == 0 ? Abbreviation.VOID_VOLATILE : Abbreviation.FAR_VOLATILE;
        };
    return places.computeIfAbsent((long) form.code() << 32 | of, key -> write(form, layer, of));
  }

  private int write(Abbreviation form, Layer layer, int of) {
    int place = units.out().size();
    units.entry(form);
    if (of != 0) {
      units.out().u32(of);
    }
    if (layer == Layer.POINTER) {
      units.out().u8(units.addressSize());
    }
    return place;
  }

  private int array(int of, long count) {
    int place = units.out().size();
    units.entry(Abbreviation.FAR_ARRAY);
    units.out().u32(of);
    TypeUnit.subrange(units, count);
    return place;
  }

  private int structure(List<Part> parts) {
    DwarfBuffer out = units.out();
    int place = out.size();
    units.entry(Abbreviation.NAMELESS_STRUCT);
    int sibling = units.sibling();
    out.uleb(parts.getLast().end());
    for (Part part : parts) {
      int type = types.place(part.type());
      if (type != 0) {
        units.entry(Abbreviation.FAR_MEMBER);
        out.u32(units.strings().of(part.name()));
        out.u32(type);
        out.uleb(part.offset());
      }
    }
    units.endChildren(sibling);
    return place;
  }
}
