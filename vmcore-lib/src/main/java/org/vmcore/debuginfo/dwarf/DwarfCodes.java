package org.vmcore.debuginfo.dwarf;

/** The numbers of DWARF 5 that are written, chapter 7 of its specification. */
final class DwarfCodes {
  static final int DW_TAG_ARRAY_TYPE = 0x01;
  static final int DW_TAG_ENUMERATION_TYPE = 0x04;
  static final int DW_TAG_FORMAL_PARAMETER = 0x05;
  static final int DW_TAG_MEMBER = 0x0d;
  static final int DW_TAG_POINTER_TYPE = 0x0f;
  static final int DW_TAG_COMPILE_UNIT = 0x11;
  static final int DW_TAG_STRUCTURE_TYPE = 0x13;
  static final int DW_TAG_SUBROUTINE_TYPE = 0x15;
  static final int DW_TAG_TYPEDEF = 0x16;
  static final int DW_TAG_UNION_TYPE = 0x17;
  static final int DW_TAG_UNSPECIFIED_PARAMETERS = 0x18;
  static final int DW_TAG_SUBRANGE_TYPE = 0x21;
  static final int DW_TAG_BASE_TYPE = 0x24;
  static final int DW_TAG_CONST_TYPE = 0x26;
  static final int DW_TAG_ENUMERATOR = 0x28;
  static final int DW_TAG_SUBPROGRAM = 0x2e;
  static final int DW_TAG_VARIABLE = 0x34;
  static final int DW_TAG_VOLATILE_TYPE = 0x35;
  static final int DW_TAG_RESTRICT_TYPE = 0x37;
  static final int DW_TAG_UNSPECIFIED_TYPE = 0x3b;

  static final int DW_AT_SIBLING = 0x01;
  static final int DW_AT_LOCATION = 0x02;
  static final int DW_AT_NAME = 0x03;
  static final int DW_AT_BYTE_SIZE = 0x0b;
  static final int DW_AT_BIT_SIZE = 0x0d;
  static final int DW_AT_LOW_PC = 0x11;
  static final int DW_AT_HIGH_PC = 0x12;
  static final int DW_AT_LANGUAGE = 0x13;
  static final int DW_AT_COMP_DIR = 0x1b;
  static final int DW_AT_CONST_VALUE = 0x1c;
  static final int DW_AT_PRODUCER = 0x25;
  static final int DW_AT_PROTOTYPED = 0x27;
  static final int DW_AT_UPPER_BOUND = 0x2f;
  static final int DW_AT_DATA_MEMBER_LOCATION = 0x38;
  static final int DW_AT_DECLARATION = 0x3c;
  static final int DW_AT_ENCODING = 0x3e;
  static final int DW_AT_EXTERNAL = 0x3f;
  static final int DW_AT_TYPE = 0x49;
  static final int DW_AT_DATA_BIT_OFFSET = 0x6b;

  static final int DW_FORM_ADDR = 0x01;
  static final int DW_FORM_DATA4 = 0x06;
  static final int DW_FORM_DATA1 = 0x0b;
  static final int DW_FORM_FLAG = 0x0c;
  static final int DW_FORM_SDATA = 0x0d;
  static final int DW_FORM_STRP = 0x0e;
  static final int DW_FORM_UDATA = 0x0f;
  static final int DW_FORM_REF_ADDR = 0x10;
  static final int DW_FORM_REF4 = 0x13;
  static final int DW_FORM_EXPRLOC = 0x18;
  static final int DW_FORM_FLAG_PRESENT = 0x19;

  static final int DW_ATE_BOOLEAN = 0x02;
  static final int DW_ATE_FLOAT = 0x04;
  static final int DW_ATE_SIGNED = 0x05;
  static final int DW_ATE_SIGNED_CHAR = 0x06;
  static final int DW_ATE_UNSIGNED = 0x07;
  static final int DW_ATE_UNSIGNED_CHAR = 0x08;

  static final int DW_OP_ADDR = 0x03;
  static final int DW_UT_COMPILE = 0x01;
  static final int DW_LANG_C99 = 0x0c;

  private DwarfCodes() {}
}
