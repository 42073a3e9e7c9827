package org.vmcore.convert;

import org.vmcore.codec.Compression;

/** How the pages of a dump that is written are compressed. */
public enum PageCompression {
  /** Not at all. */
  NONE("none", Compression.RAW),
  /** zlib, the slowest and the one that every reader has. */
  ZLIB("zlib", Compression.ZLIB),
  /** lzo1x-1, fast. */
  LZO("lzo", Compression.LZO1X),
  /** Snappy, fast. */
  SNAPPY("snappy", Compression.SNAPPY),
  /** Zstandard, small and fast; not every reader has it. */
  ZSTD("zstd", Compression.ZSTD);

  private final String label;
  private final Compression codec;

  PageCompression(String label, Compression codec) {
    this.label = label;
    this.codec = codec;
  }

  /** The compression's name in JSON and on the command line: {@code lzo}. */
  public String label() {
    return label;
  }

  /** What compresses. */
  Compression codec() {
    return codec;
  }
}
