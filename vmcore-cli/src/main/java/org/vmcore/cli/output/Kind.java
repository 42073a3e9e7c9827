package org.vmcore.cli.output;

/**
 * What a field holds. A 64-bit quantity is a string in JSON, since a JSON number may lose its low
 * bits.
 */
public enum Kind {
  ADDRESS("address", Form.HEX),
  OFFSET("offset", Form.HEX),
  SIZE("size in bytes", Form.HEX),
  BITS("bits", Form.HEX),
  COUNT("count", Form.NUMBER),
  INDEX("index", Form.NUMBER),
  PFN("page frame number", Form.NUMBER),
  NUMBER("number", Form.NUMBER),
  SEQUENCE("number up to 2^64", Form.NUMBER),
  SECONDS("seconds since 1970", Form.DECIMAL),
  NANOSECONDS("nanoseconds", Form.DECIMAL),
  TEXT("text", Form.TEXT),
  FLAG("true or false", Form.FLAG),
  TEXTS("list of texts", Form.NESTED),
  NAMED_TEXTS("texts by name", Form.NESTED),
  NAMED_BITS("bits by name", Form.NESTED),
  OBJECT("object", Form.NESTED),
  RECORDS("list of objects", Form.NESTED);

  /** How a value is written. */
  public enum Form {
    /** {@code 0x1f}, in JSON a string. */
    HEX,
    /** A decimal number. */
    NUMBER,
    /** A decimal number, in JSON a string. */
    DECIMAL,
    TEXT,
    FLAG,
    /** More than one value. */
    NESTED
  }

  private final String label;
  private final Form form;

  Kind(String label, Form form) {
    this.label = label;
    this.form = form;
  }

  /** What documentation calls it. */
  public String label() {
    return label;
  }

  public Form form() {
    return form;
  }

  /** Whether a column of these is aligned to the right: numbers are. */
  boolean isRight() {
    return form == Form.HEX || form == Form.NUMBER || form == Form.DECIMAL;
  }

  /** Whether a table has it in hexadecimal. */
  boolean isHex() {
    return form == Form.HEX || this == PFN;
  }

  /** Whether its numbers are unsigned in decimal. */
  boolean isUnsigned() {
    return this == SEQUENCE || this == NANOSECONDS;
  }
}
