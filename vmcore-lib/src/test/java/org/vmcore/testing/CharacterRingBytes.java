package org.vmcore.testing;

import java.nio.charset.StandardCharsets;

/** Writes the log of kernels before 3.5, a ring of characters, into a {@link KernelDump}. */
public final class CharacterRingBytes {
  /** The address of log_buf, log_buf_len (+8), log_end (+12) and logged_chars (+16). */
  public static final long VARIABLES = KernelDump.BASE + 0x7f000;

  /** The address of the ring. */
  public static final long BUFFER = KernelDump.BASE + 0x80000;

  private final KernelDump dump;
  private final int size;
  private long end;

  /** An empty ring of {@code size} characters. */
  public CharacterRingBytes(KernelDump dump, int size) {
    this.dump = dump;
    this.size = size;
    dump.word(VARIABLES, BUFFER).u32(VARIABLES + 8, size);
    dump.infoSymbol("log_buf", VARIABLES).infoSymbol("log_buf_len", VARIABLES + 8);
    dump.infoSymbol("log_end", VARIABLES + 12).infoSymbol("logged_chars", VARIABLES + 16);
  }

  /** Writes these characters behind the last ones, as emit_log_char() does. */
  public CharacterRingBytes add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes these characters behind the last ones. */
  public CharacterRingBytes add(byte[] text) {
    for (byte c : text) {
      dump.u8(BUFFER + end++ % size, c);
    }
    dump.u32(VARIABLES + 12, end);
    return this;
  }
}
