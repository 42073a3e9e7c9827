package org.vmcore.debuginfo.dwarf;

import static org.vmcore.debuginfo.dwarf.DwarfCodes.*;

/**
 * The forms of debugging entries, all that are written: a tag, whether entries lie inside, and what
 * follows the code in each, in this order. The code is that of the order here, from 1 on.
 *
 * <p>What has no name, and what refers to {@code void}, has an abbreviation of its own. Types stand
 * in the first unit and refer to each other by {@code DW_FORM_ref4}; what refers to them from
 * another unit does so by {@code DW_FORM_ref_addr}.
 */
enum Abbreviation {
  TYPE_UNIT(
      DW_TAG_COMPILE_UNIT,
      true,
      DW_AT_PRODUCER,
      DW_FORM_STRP,
      DW_AT_LANGUAGE,
      DW_FORM_DATA1,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_COMP_DIR,
      DW_FORM_STRP),
  CODE_UNIT(
      DW_TAG_COMPILE_UNIT,
      true,
      DW_AT_PRODUCER,
      DW_FORM_STRP,
      DW_AT_LANGUAGE,
      DW_FORM_DATA1,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_COMP_DIR,
      DW_FORM_STRP,
      DW_AT_LOW_PC,
      DW_FORM_ADDR,
      DW_AT_HIGH_PC,
      DW_FORM_DATA4),

  BASE(
      DW_TAG_BASE_TYPE,
      false,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_BYTE_SIZE,
      DW_FORM_UDATA,
      DW_AT_ENCODING,
      DW_FORM_DATA1),
  /** What the table of types has no sense for, so that none can be told. */
  UNSPECIFIED(DW_TAG_UNSPECIFIED_TYPE, false),

  POINTER(DW_TAG_POINTER_TYPE, false, DW_AT_TYPE, DW_FORM_REF4, DW_AT_BYTE_SIZE, DW_FORM_DATA1),
  VOID_POINTER(DW_TAG_POINTER_TYPE, false, DW_AT_BYTE_SIZE, DW_FORM_DATA1),
  FAR_POINTER(
      DW_TAG_POINTER_TYPE, false, DW_AT_TYPE, DW_FORM_REF_ADDR, DW_AT_BYTE_SIZE, DW_FORM_DATA1),
  ARRAY(DW_TAG_ARRAY_TYPE, true, DW_AT_TYPE, DW_FORM_REF4),
  FAR_ARRAY(DW_TAG_ARRAY_TYPE, true, DW_AT_TYPE, DW_FORM_REF_ADDR),
  SUBRANGE(DW_TAG_SUBRANGE_TYPE, false, DW_AT_UPPER_BOUND, DW_FORM_UDATA),
  OPEN_SUBRANGE(DW_TAG_SUBRANGE_TYPE, false),

  TYPEDEF(DW_TAG_TYPEDEF, false, DW_AT_NAME, DW_FORM_STRP, DW_AT_TYPE, DW_FORM_REF4),
  VOID_TYPEDEF(DW_TAG_TYPEDEF, false, DW_AT_NAME, DW_FORM_STRP),
  CONST(DW_TAG_CONST_TYPE, false, DW_AT_TYPE, DW_FORM_REF4),
  FAR_CONST(DW_TAG_CONST_TYPE, false, DW_AT_TYPE, DW_FORM_REF_ADDR),
  VOID_CONST(DW_TAG_CONST_TYPE, false),
  VOLATILE(DW_TAG_VOLATILE_TYPE, false, DW_AT_TYPE, DW_FORM_REF4),
  FAR_VOLATILE(DW_TAG_VOLATILE_TYPE, false, DW_AT_TYPE, DW_FORM_REF_ADDR),
  VOID_VOLATILE(DW_TAG_VOLATILE_TYPE, false),
  RESTRICT(DW_TAG_RESTRICT_TYPE, false, DW_AT_TYPE, DW_FORM_REF4),
  VOID_RESTRICT(DW_TAG_RESTRICT_TYPE, false),

  STRUCT(
      DW_TAG_STRUCTURE_TYPE,
      true,
      DW_AT_SIBLING,
      DW_FORM_REF4,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_BYTE_SIZE,
      DW_FORM_UDATA),
  NAMELESS_STRUCT(
      DW_TAG_STRUCTURE_TYPE, true, DW_AT_SIBLING, DW_FORM_REF4, DW_AT_BYTE_SIZE, DW_FORM_UDATA),
  DECLARED_STRUCT(
      DW_TAG_STRUCTURE_TYPE,
      false,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_DECLARATION,
      DW_FORM_FLAG_PRESENT),
  UNION(
      DW_TAG_UNION_TYPE,
      true,
      DW_AT_SIBLING,
      DW_FORM_REF4,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_BYTE_SIZE,
      DW_FORM_UDATA),
  NAMELESS_UNION(
      DW_TAG_UNION_TYPE, true, DW_AT_SIBLING, DW_FORM_REF4, DW_AT_BYTE_SIZE, DW_FORM_UDATA),
  DECLARED_UNION(
      DW_TAG_UNION_TYPE, false, DW_AT_NAME, DW_FORM_STRP, DW_AT_DECLARATION, DW_FORM_FLAG_PRESENT),
  MEMBER(
      DW_TAG_MEMBER,
      false,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_TYPE,
      DW_FORM_REF4,
      DW_AT_DATA_MEMBER_LOCATION,
      DW_FORM_UDATA),
  FAR_MEMBER(
      DW_TAG_MEMBER,
      false,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_TYPE,
      DW_FORM_REF_ADDR,
      DW_AT_DATA_MEMBER_LOCATION,
      DW_FORM_UDATA),
  NAMELESS_MEMBER(
      DW_TAG_MEMBER, false, DW_AT_TYPE, DW_FORM_REF4, DW_AT_DATA_MEMBER_LOCATION, DW_FORM_UDATA),
  BIT_FIELD(
      DW_TAG_MEMBER,
      false,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_TYPE,
      DW_FORM_REF4,
      DW_AT_BIT_SIZE,
      DW_FORM_UDATA,
      DW_AT_DATA_BIT_OFFSET,
      DW_FORM_UDATA),
  NAMELESS_BIT_FIELD(
      DW_TAG_MEMBER,
      false,
      DW_AT_TYPE,
      DW_FORM_REF4,
      DW_AT_BIT_SIZE,
      DW_FORM_UDATA,
      DW_AT_DATA_BIT_OFFSET,
      DW_FORM_UDATA),

  ENUM(
      DW_TAG_ENUMERATION_TYPE,
      true,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_TYPE,
      DW_FORM_REF4,
      DW_AT_BYTE_SIZE,
      DW_FORM_UDATA),
  NAMELESS_ENUM(
      DW_TAG_ENUMERATION_TYPE, true, DW_AT_TYPE, DW_FORM_REF4, DW_AT_BYTE_SIZE, DW_FORM_UDATA),
  UNTYPED_ENUM(
      DW_TAG_ENUMERATION_TYPE, true, DW_AT_NAME, DW_FORM_STRP, DW_AT_BYTE_SIZE, DW_FORM_UDATA),
  NAMELESS_UNTYPED_ENUM(DW_TAG_ENUMERATION_TYPE, true, DW_AT_BYTE_SIZE, DW_FORM_UDATA),
  DECLARED_ENUM(
      DW_TAG_ENUMERATION_TYPE,
      false,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_BYTE_SIZE,
      DW_FORM_UDATA,
      DW_AT_DECLARATION,
      DW_FORM_FLAG_PRESENT),
  SIGNED_ENUMERATOR(
      DW_TAG_ENUMERATOR, false, DW_AT_NAME, DW_FORM_STRP, DW_AT_CONST_VALUE, DW_FORM_SDATA),
  ENUMERATOR(DW_TAG_ENUMERATOR, false, DW_AT_NAME, DW_FORM_STRP, DW_AT_CONST_VALUE, DW_FORM_UDATA),

  PROTOTYPE(
      DW_TAG_SUBROUTINE_TYPE,
      true,
      DW_AT_SIBLING,
      DW_FORM_REF4,
      DW_AT_PROTOTYPED,
      DW_FORM_FLAG_PRESENT,
      DW_AT_TYPE,
      DW_FORM_REF4),
  VOID_PROTOTYPE(
      DW_TAG_SUBROUTINE_TYPE,
      true,
      DW_AT_SIBLING,
      DW_FORM_REF4,
      DW_AT_PROTOTYPED,
      DW_FORM_FLAG_PRESENT),
  NAMELESS_PARAMETER(DW_TAG_FORMAL_PARAMETER, false, DW_AT_TYPE, DW_FORM_REF4),
  UNSPECIFIED_PARAMETERS(DW_TAG_UNSPECIFIED_PARAMETERS, false),

  FUNCTION(
      DW_TAG_SUBPROGRAM,
      true,
      DW_AT_SIBLING,
      DW_FORM_REF4,
      DW_AT_EXTERNAL,
      DW_FORM_FLAG,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_PROTOTYPED,
      DW_FORM_FLAG_PRESENT,
      DW_AT_LOW_PC,
      DW_FORM_ADDR,
      DW_AT_HIGH_PC,
      DW_FORM_DATA4,
      DW_AT_TYPE,
      DW_FORM_REF_ADDR),
  VOID_FUNCTION(
      DW_TAG_SUBPROGRAM,
      true,
      DW_AT_SIBLING,
      DW_FORM_REF4,
      DW_AT_EXTERNAL,
      DW_FORM_FLAG,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_PROTOTYPED,
      DW_FORM_FLAG_PRESENT,
      DW_AT_LOW_PC,
      DW_FORM_ADDR,
      DW_AT_HIGH_PC,
      DW_FORM_DATA4),
  PARAMETER(DW_TAG_FORMAL_PARAMETER, false, DW_AT_NAME, DW_FORM_STRP, DW_AT_TYPE, DW_FORM_REF_ADDR),
  NAMELESS_FAR_PARAMETER(DW_TAG_FORMAL_PARAMETER, false, DW_AT_TYPE, DW_FORM_REF_ADDR),

  VARIABLE(
      DW_TAG_VARIABLE,
      false,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_TYPE,
      DW_FORM_REF_ADDR,
      DW_AT_EXTERNAL,
      DW_FORM_FLAG,
      DW_AT_LOCATION,
      DW_FORM_EXPRLOC),
  CONSTANT(
      DW_TAG_VARIABLE,
      false,
      DW_AT_NAME,
      DW_FORM_STRP,
      DW_AT_TYPE,
      DW_FORM_REF_ADDR,
      DW_AT_CONST_VALUE,
      DW_FORM_SDATA);

  private final int tag;
  private final boolean hasChildren;

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
  private final int[] attributes;

  Abbreviation(int tag, boolean hasChildren, int... attributes) {
    this.tag = tag;
    this.hasChildren = hasChildren;
    this.attributes = attributes;
  }

  /** What each entry of this form begins with. */
  @SuppressWarnings("EnumOrdinal") // all are written in this order, and nowhere kept
  int code() {
    return ordinal() + 1;
  }

  /** All of them, as {@code .debug_abbrev} has them. */
  static byte[] table(boolean isBigEndian) {
    DwarfBuffer out = new DwarfBuffer(isBigEndian);
    for (Abbreviation each : values()) {
      out.uleb(each.code());
      out.uleb(each.tag);
      out.u8(each.hasChildren ? 1 : 0);
      for (int number : each.attributes) {
        out.uleb(number);
      }
      out.u16(0); // no further attribute
    }
    out.u8(0); // no further abbreviation
    return out.toArray();
  }
}
