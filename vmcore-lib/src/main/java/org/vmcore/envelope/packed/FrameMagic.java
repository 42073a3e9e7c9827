package org.vmcore.envelope.packed;

/** The magic numbers of frames, little-endian: of zstd (RFC 8878) and of lz4. */
public final class FrameMagic {
  /** A frame of zstd. */
  public static final int ZSTD = 0xfd2f_b528;

  /** A frame of lz4. */
  static final int LZ4 = 0x184d_2204;

  /** lz4's legacy format. */
  static final int LZ4_LEGACY = 0x184c_2102;

  /** A skippable frame of either; its last four bits are anything. */
  private static final int SKIPPABLE = 0x184d_2a50;

  private FrameMagic() {}

  /** Whether {@code magic} is a skippable frame's. */
  public static boolean isSkippable(int magic) {
    return (magic & ~0xf) == SKIPPABLE;
  }
}
