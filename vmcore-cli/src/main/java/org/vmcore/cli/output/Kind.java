package org.vmcore.cli.output;

/**
 * What a field holds. A 64-bit quantity is a string in JSON, since a JSON number may lose its low
 * bits.
 */
public enum Kind {
  ADDRESS("address", true),
  OFFSET("offset", true),
  SIZE("size in bytes", true),
  BITS("bits", true),
  COUNT("count", false),
  INDEX("index", false),
  PFN("page frame number", false),
  NUMBER("number", false),
  SEQUENCE("number up to 2^64", false),
  SECONDS("seconds since 1970", true),
  NANOSECONDS("nanoseconds", true),
  TEXT("text", true),
  FLAG("true or false", false),
  TEXTS("list of texts", false),
  NAMED_TEXTS("texts by name", false),
  NAMED_BITS("bits by name", false),
  OBJECT("object", false),
  RECORDS("list of objects", false);

  private final String label;
  private final boolean isString;

  Kind(String label, boolean isString) {
    this.label = label;
    this.isString = isString;
  }

  /** What documentation calls it. */
  public String label() {
    return label;
  }

  /** Whether it is a string in JSON. */
  public boolean isString() {
    return isString;
  }

  /** Whether it is a number, in JSON a string or not. */
  public boolean isNumber() {
    return compareTo(NANOSECONDS) <= 0;
  }

  /** Whether it is a string of hexadecimal digits behind 0x in JSON. */
  public boolean isHex() {
    return compareTo(BITS) <= 0;
  }

  /** Whether text has it in hexadecimal. */
  boolean isHexInText() {
    return isHex() || this == PFN;
  }

  /** Whether its numbers are unsigned. */
  public boolean isUnsigned() {
    return this == SEQUENCE || this == NANOSECONDS;
  }
}
