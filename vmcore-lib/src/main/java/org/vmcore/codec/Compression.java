package org.vmcore.codec;

import java.util.Optional;

/**
 * How a page is compressed.
 *
 * <p>Source: {@code DUMP_DH_COMPRESSED_*} of makedumpfile's diskdump_mod.h.
 */
public enum Compression {
  /** Not at all. */
  RAW(0, "raw"),
  /** A zlib stream (RFC 1950). */
  ZLIB(1, "zlib"),
  /** An LZO1X stream. */
  LZO1X(2, "lzo"),
  /** A raw Snappy block, not the framing format. */
  SNAPPY(4, "snappy"),
  /** Zstandard frames (RFC 8878). */
  ZSTD(0x20, "zstd");

  /** Every bit of a page descriptor's flags that names a compression. */
  private static final int MASK = 1 | 2 | 4 | 0x20;

  private final int flag;
  private final String label;

  Compression(int flag, String label) {
    this.flag = flag;
    this.label = label;
  }

  /** The bit in a page descriptor's flags; 0 for {@link #RAW}. */
  public int flag() {
    return flag;
  }

  /** The compression's name in JSON and in tables: {@code lzo}. */
  public String label() {
    return label;
  }

  /**
   * The compression that a page descriptor's {@code flags} name; empty when they name several.
   * Other bits don't matter.
   */
  public static Optional<Compression> ofFlags(int flags) {
    int named = flags & MASK;
    for (Compression compression : values()) {
      if (compression.flag == named) {
        return Optional.of(compression);
      }
    }
    return Optional.empty();
  }
}
