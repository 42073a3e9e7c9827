package org.vmcore.debuginfo.dwarf;

import static org.vmcore.debuginfo.dwarf.DwarfCodes.*;

import java.util.Arrays;
import java.util.Locale;
import org.vmcore.kernel.btf.BtfKind;
import org.vmcore.kernel.btf.TypeRecords;

/**
 * The first unit, that of the types: an entry for each type of the table. What makes no sense there
 * is left out: a member without a type or beyond its structure, the parts of a broken type.
 */
final class TypeUnit {
  private static final String NAME = "types";
  private static final int BLOCK = 32;
  private static final int INT_SIGNED = 1;
  private static final int INT_BOOL = 4;
  private static final int LARGEST_INT = 64;

  private final TypeRecords types;
  private final TypeNesting nesting;
  private final NeededTypes needed;
  private final EnumIntegers integers;
  private final Units units;
  private final DwarfBuffer out;
  private final DebugStrings strings;

  /** Where each type's entry is; 0 of what has none. */
  private final int[] places;

  /** Where the id of a type stands that its place is yet to be put over. */
  private int[] references = new int[1 << 12];

  private int referenceCount;
  private int entries;
  private int dropped;

  private TypeUnit(
      TypeRecords types,
      TypeNesting nesting,
      NeededTypes needed,
      EnumIntegers integers,
      Units units) {
    this.types = types;
    this.nesting = nesting;
    this.needed = needed;
    this.integers = integers;
    this.units = units;
    this.out = units.out();
    this.strings = units.strings();
    this.places = new int[types.endId()];
  }

  /** Writes the unit. */
  static TypeUnit write(
      TypeRecords types,
      TypeNesting nesting,
      NeededTypes needed,
      EnumIntegers integers,
      Units units) {
    TypeUnit unit = new TypeUnit(types, nesting, needed, integers, units);
    units.begin(NAME);
    for (int from = 1; from < types.endId(); from += BLOCK) {
      unit.writeAll(from, Math.min(from + BLOCK, types.endId()));
    }
    units.end();
    for (int from = 0; from < unit.referenceCount; from += BLOCK) {
      unit.refer(from, Math.min(from + BLOCK, unit.referenceCount));
    }
    return unit;
  }

  /** Where the entry of the type {@code id} is in {@code .debug_info}; 0 of {@code void}. */
  int place(int id) {
    return places[nesting.target(id)];
  }

  /** How many types were written. */
  int entries() {
    return entries;
  }

  /** How many members and parameters were left out. */
  int dropped() {
    return dropped;
  }

  /** Few at once: a method that is called often is compiled soon. */
  private void writeAll(int from, int to) {
    for (int id = from; id < to; id++) {
      if (needed.isWritten(id)) {
        write(id);
      }
    }
  }

  private void refer(int from, int to) {
    for (int i = from; i < to; i++) {
      int at = references[i];
      out.put32(at, places[out.get32(at)]);
    }
  }

  /** Refers to the type {@code target}. */
  private void reference(int target) {
    if (referenceCount == references.length) {
      references = Arrays.copyOf(references, 2 * referenceCount);
    }
    references[referenceCount++] = out.size();
    out.u32(target);
  }

  private void write(int id) {
    int kind = types.kind(id);
    int at = out.size();
    switch (kind) {
      case BtfKind.INT -> integer(id, types.word(id, 0) >>> 24);
      case BtfKind.FLOAT -> base(id, DW_ATE_FLOAT);
      case BtfKind.PTR -> pointer(id);
      case BtfKind.ARRAY -> array(id);
      case BtfKind.STRUCT ->
          structure(
              id, Abbreviation.STRUCT, Abbreviation.NAMELESS_STRUCT, Abbreviation.DECLARED_STRUCT);
      case BtfKind.UNION ->
          structure(
              id, Abbreviation.UNION, Abbreviation.NAMELESS_UNION, Abbreviation.DECLARED_UNION);
      case BtfKind.ENUM, BtfKind.ENUM64 -> enumeration(id, kind == BtfKind.ENUM64);
      case BtfKind.FWD ->
          named(
              types.hasFlag(id) ? Abbreviation.DECLARED_UNION : Abbreviation.DECLARED_STRUCT,
              types.name(id));
      case BtfKind.TYPEDEF -> {
        int target = inner(id);
        named(target == 0 ? Abbreviation.VOID_TYPEDEF : Abbreviation.TYPEDEF, types.name(id));
        if (target != 0) {
          reference(target);
        }
      }
      case BtfKind.CONST -> qualified(id, Abbreviation.CONST, Abbreviation.VOID_CONST);
      case BtfKind.VOLATILE -> qualified(id, Abbreviation.VOLATILE, Abbreviation.VOID_VOLATILE);
      case BtfKind.RESTRICT -> qualified(id, Abbreviation.RESTRICT, Abbreviation.VOID_RESTRICT);
      case BtfKind.FUNC_PROTO -> prototype(id);
      default -> {
        return; // no type of a value
      }
    }
    places[id] = at;
    entries++;
  }

  private void named(Abbreviation form, int name) {
    units.entry(form);
    out.u32(strings.of(name));
  }

  /** What {@code id} refers to; 0 of {@code void}, and where it may not. */
  private int inner(int id) {
    return nesting.isBroken(id) ? 0 : nesting.target(types.sizeOrType(id));
  }

  private void integer(int id, int encoding) {
    boolean isSigned = (encoding & INT_SIGNED) != 0;
    if ((encoding & INT_BOOL) != 0) {
      base(id, DW_ATE_BOOLEAN);
    } else if (types.sizeOrType(id) == 1 && isText(types.name(id))) {
      base(id, isSigned ? DW_ATE_SIGNED_CHAR : DW_ATE_UNSIGNED_CHAR);
    } else {
      base(id, isSigned ? DW_ATE_SIGNED : DW_ATE_UNSIGNED);
    }
  }

  private boolean isText(int name) {
    return types.string(name).toLowerCase(Locale.ROOT).contains("char");
  }

  private void base(int id, int encoding) {
    named(Abbreviation.BASE, types.name(id));
    out.uleb(Math.min(types.sizeOrType(id) & 0xffff_ffffL, LARGEST_INT));
    out.u8(encoding);
  }

  private void pointer(int id) {
    int target = inner(id);
    units.entry(target == 0 ? Abbreviation.VOID_POINTER : Abbreviation.POINTER);
    if (target != 0) {
      reference(target);
    }
    out.u8(types.pointerSize());
  }

  private void array(int id) {
    int element = nesting.isBroken(id) ? 0 : nesting.target(types.word(id, 0));
    if (element == 0 || nesting.size(id) < 0) {
      units.entry(Abbreviation.UNSPECIFIED);
      return;
    }
    units.entry(Abbreviation.ARRAY);
    reference(element);
    subrange(units, types.word(id, 2) & 0xffff_ffffL);
  }

  /** The one dimension of an array, and its end. */
  static void subrange(Units units, long count) {
    units.entry(count == 0 ? Abbreviation.OPEN_SUBRANGE : Abbreviation.SUBRANGE);
    if (count != 0) {
      units.out().uleb(count - 1);
    }
    units.out().u8(0);
  }

  private void qualified(int id, Abbreviation form, Abbreviation ofVoid) {
    int target = inner(id);
    units.entry(target == 0 ? ofVoid : form);
    if (target != 0) {
      reference(target);
    }
  }

  private void structure(int id, Abbreviation form, Abbreviation nameless, Abbreviation declared) {
    int name = strings.of(types.name(id));
    boolean hasName = !strings.isEmpty(name);
    if (!needed.isWhole(id) && hasName) {
      named(declared, types.name(id));
      return;
    }
    units.entry(hasName ? form : nameless);
    int sibling = units.sibling();
    if (hasName) {
      out.u32(name);
    }
    long size = types.sizeOrType(id) & 0xffff_ffffL;
    out.uleb(size);
    int count = nesting.isBroken(id) ? 0 : types.count(id);
    boolean hasBits = types.hasFlag(id);
    for (int i = 0; i < count; i++) {
      member(id, 3 * i, size, hasBits);
    }
    units.endChildren(sibling);
  }

  private void member(int id, int at, long size, boolean hasBits) {
    int type = nesting.target(types.word(id, at + 1));
    int word = types.word(id, at + 2);
    long bit = hasBits ? word & 0xff_ffff : word & 0xffff_ffffL;
    int bits = hasBits ? word >>> 24 : 0;
    if (!hasBits && type != 0 && types.kind(type) == BtfKind.INT) {
      int how = types.word(type, 0); // bits of an integer of their own, until there was the flag
      bits = (how & 0xff) == 8 * types.sizeOrType(type) ? 0 : how & 0xff;
      bit += how >>> 16 & 0xff;
    }
    long end = bits > 0 ? bit + bits : bit + 8 * nesting.size(type);
    if (type == 0 || nesting.size(type) < 0 || end < bit || end > 8 * size) {
      dropped++;
      return;
    }
    int name = strings.of(types.word(id, at));
    boolean hasName = !strings.isEmpty(name);
    boolean isField = bits > 0 || (bit & 7) != 0;
    if (isField) {
      units.entry(hasName ? Abbreviation.BIT_FIELD : Abbreviation.NAMELESS_BIT_FIELD);
    } else {
      units.entry(hasName ? Abbreviation.MEMBER : Abbreviation.NAMELESS_MEMBER);
    }
    if (hasName) {
      out.u32(name);
    }
    reference(type);
    if (isField) {
      out.uleb(end - bit);
      out.uleb(bit);
    } else {
      out.uleb(bit >>> 3);
    }
  }

  private void enumeration(int id, boolean isLong) {
    int name = strings.of(types.name(id));
    boolean hasName = !strings.isEmpty(name);
    int count = types.count(id);
    long size = Math.min(types.sizeOrType(id) & 0xffff_ffffL, Long.BYTES);
    if (count == 0 && hasName) {
      named(Abbreviation.DECLARED_ENUM, types.name(id));
      out.uleb(size);
      return;
    }
    int integer = integers.of(id);
    if (integer == 0) {
      units.entry(hasName ? Abbreviation.UNTYPED_ENUM : Abbreviation.NAMELESS_UNTYPED_ENUM);
    } else {
      units.entry(hasName ? Abbreviation.ENUM : Abbreviation.NAMELESS_ENUM);
    }
    if (hasName) {
      out.u32(name);
    }
    if (integer != 0) {
      reference(integer);
    }
    out.uleb(size);
    enumerators(id, count, isLong);
    out.u8(0);
  }

  private void enumerators(int id, int count, boolean isLong) {
    boolean isSigned = types.hasFlag(id);
    int words = isLong ? 3 : 2;
    for (int i = 0; i < count; i++) {
      long value = types.word(id, words * i + 1);
      if (isLong) {
        value = (value & 0xffff_ffffL) | ((long) types.word(id, words * i + 2) << 32);
      } else if (!isSigned) {
        value &= 0xffff_ffffL;
      }
      named(
          isSigned ? Abbreviation.SIGNED_ENUMERATOR : Abbreviation.ENUMERATOR,
          types.word(id, words * i));
      if (isSigned) {
        out.sleb(value);
      } else {
        out.uleb(value);
      }
    }
  }

  private void prototype(int id) {
    int result = inner(id);
    units.entry(result == 0 ? Abbreviation.VOID_PROTOTYPE : Abbreviation.PROTOTYPE);
    int sibling = units.sibling();
    if (result != 0) {
      reference(result);
    }
    int count = nesting.isBroken(id) ? 0 : types.count(id);
    for (int i = 0; i < count; i++) {
      int type = nesting.target(types.word(id, 2 * i + 1));
      if (type != 0) {
        units.entry(Abbreviation.NAMELESS_PARAMETER);
        reference(type);
      } else if (isVariadic(types, id, i)) {
        units.entry(Abbreviation.UNSPECIFIED_PARAMETERS);
      } else {
        dropped++;
      }
    }
    units.endChildren(sibling);
  }

  /** Whether the {@code i}th parameter stands for any further ones. */
  static boolean isVariadic(TypeRecords types, int prototype, int i) {
    return i == types.count(prototype) - 1 && types.word(prototype, 2 * i + 1) == 0;
  }
}
