package org.vmcore.envelope.packed;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;

/** The frames of an lz4 file (lz4's {@code doc/lz4_Frame_format.md}). */
final class Lz4Frames {
  private Lz4Frames() {}

  /** All frames in {@code packed}, skippable ones passed over. */
  static InputStream open(InputStream packed) throws IOException {
    return new FramedLZ4CompressorInputStream(packed, true);
  }
}
