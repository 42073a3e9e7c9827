package org.vmcore.convert;

/** How the pages of a dump that is written are compressed. */
public enum PageCompression {
  /** Not at all. */
  NONE("none"),
  /** zlib, the slowest and the one that every reader has. */
  ZLIB("zlib"),
  /** lzo1x-1, fast. */
  LZO("lzo"),
  /** Snappy, fast. */
  SNAPPY("snappy"),
  /** Zstandard, small and fast; not every reader has it. */
  ZSTD("zstd");

  private final String label;

  PageCompression(String label) {
    this.label = label;
  }

  /** The compression's name in JSON and on the command line: {@code lzo}. */
  public String label() {
    return label;
  }
}
