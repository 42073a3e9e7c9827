package org.vmcore.cli.type;

import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;

/** The fields of {@code type}'s JSON. */
final class TypeFields {
  private static final Fields MEMBER = new Fields();
  static final Field NAME =
      MEMBER.text(
          "name",
          "Its path in the structure: of members of anonymous structures without these, of an"
              + " object's values down to each number: se.vruntime, pid_links[2].next.");
  static final Field TYPE = MEMBER.text("type", "Its type in C.");
  static final Field OFFSET =
      MEMBER.offset(
          "offset",
          "Where it begins, in bytes from the start of the outermost structure; of a bit-field the"
              + " byte of its first bit.");
  static final Field SIZE =
      MEMBER.size("size", "Its size; left out of bit-fields and where it isn't known.").optional();
  static final Field BIT_OFFSET =
      MEMBER
          .number("bit_offset", "Of a bit-field where it begins, in bits from its offset on.")
          .optional();
  static final Field BIT_SIZE =
      MEMBER.count("bit_size", "Of a bit-field its size in bits.").optional();
  static final Field COUNT =
      MEMBER
          .count("count", "How many elements in a row, from this one on, are equal; left out of 1.")
          .optional();
  static final Field VALUE =
      MEMBER
          .text(
              "value",
              "Its value: a decimal number, an enumerator, text in quotes, an address; left out"
                  + " where no object is asked for, or it can't be read.")
          .optional();
  static final Field SYMBOL =
      MEMBER.text("symbol", "Where a pointer leads, as far as a symbol tells.").optional();
  static final Field TEXT =
      MEMBER.text("text", "The text in quotes that a char pointer leads to.").optional();
  static final Field MISSING = MEMBER.text("missing", "Why it can't be read.").optional();

  private static final Fields ENUMERATOR = new Fields();
  static final Field ENUMERATOR_NAME = ENUMERATOR.text("name", "Its name.");
  static final Field ENUMERATOR_VALUE = ENUMERATOR.text("value", "Its value, a decimal number.");

  static final Fields FIELDS = Fields.ofDump();
  static final Field KIND =
      FIELDS
          .text("kind", "What has the name.")
          .oneOf(
              "struct",
              "union",
              "enum",
              "typedef",
              "int",
              "float",
              "pointer",
              "array",
              "function",
              "qualified",
              "forward",
              "void",
              "unknown");
  static final Field OF_NAME = FIELDS.text("name", "What was asked for.");
  static final Field OF_SIZE = FIELDS.size("size", "The size of the type.").optional();
  static final Field DECLARATION =
      FIELDS.text("declaration", "In C; not of structures, unions and enumerations.").optional();
  static final Field OF_OFFSET =
      FIELDS.offset("offset", "Of a member, where it lies in its structure.").optional();
  static final Field ADDRESS =
      FIELDS.address("address", "The address of the object whose values these are.").optional();
  static final Field ENUMERATORS =
      FIELDS.records("enumerators", ENUMERATOR, "Of an enumeration.").optional();
  static final Field MEMBERS =
      FIELDS
          .records(
              "members",
              MEMBER,
              "The members of the structure or, where an object is asked for, its values.")
          .optional();

  private TypeFields() {}
}
