package org.vmcore.debuginfo.dwarf;

import java.nio.ByteBuffer;

/** The entries of a {@code .debug_frame}, each with its length in front (DWARF 5, 6.4.1). */
final class FrameEntries {
  /** What tells a common information entry from the others. */
  static final int CIE = -1;

  private static final int ALIGN = 8;
  private static final int NOP = 0;

  /** Bytes that a function takes. */
  private static final int TYPICAL = 64;

  /** Several times what large kernels take, in bytes. */
  static final int MOST = 1 << 25;

  private final DwarfBuffer out;

  FrameEntries(int functions) {
    this.out = new DwarfBuffer(false, (int) Math.min(MOST, TYPICAL * (functions + 1L)));
  }

  /** Where they are written to. */
  DwarfBuffer out() {
    return out;
  }

  /** Begins an entry, and gives where. */
  int begin(int id) {
    int start = out.size();
    out.u32(0);
    out.u32(id);
    return start;
  }

  void end(int start) {
    while (out.size() % ALIGN != 0) {
      out.u8(NOP);
    }
    out.put32(start, out.size() - start - Integer.BYTES);
  }

  /** Whether they take more than any kernel's. */
  boolean areMany() {
    return out.size() > MOST;
  }

  ByteBuffer toBuffer() {
    return out.toBuffer();
  }
}
