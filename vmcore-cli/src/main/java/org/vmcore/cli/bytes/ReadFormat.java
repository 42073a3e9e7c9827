package org.vmcore.cli.bytes;

/** How bytes are shown. */
public enum ReadFormat {
  HEX("hex", 1),
  RAW("raw", 1),
  U8("u8", 1),
  U16("u16", 2),
  U32("u32", 4),
  U64("u64", 8),
  STRING("string", 1);

  private final String label;
  private final int unit;

  ReadFormat(String label, int unit) {
    this.label = label;
    this.unit = unit;
  }

  /** The size of one number in bytes. */
  public int unit() {
    return unit;
  }

  @Override
  public String toString() {
    return label;
  }
}
