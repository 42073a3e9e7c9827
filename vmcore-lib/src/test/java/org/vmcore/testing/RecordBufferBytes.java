package org.vmcore.testing;

import java.nio.charset.StandardCharsets;

/**
 * Writes the log of kernels before 5.10, {@code struct printk_log} of kernel/printk/printk.c, into
 * a {@link KernelDump}.
 */
public final class RecordBufferBytes {
  /** The address of log_buf, log_buf_len (+8), log_first_idx (+12) and log_next_idx (+16). */
  public static final long VARIABLES = KernelDump.BASE + 0x7f000;

  /** The address of the buffer. */
  public static final long BUFFER = KernelDump.BASE + 0x80000;

  private static final int DICT = 4; // "A=b\0": what follows a text isn't a part of it

  private final KernelDump dump;
  private final int head;
  private int next;

  /**
   * An empty buffer of {@code size} bytes.
   *
   * @param struct {@code printk_log}, or {@code log} as up to 3.10
   * @param withCaller CONFIG_PRINTK_CALLER
   */
  public RecordBufferBytes(KernelDump dump, String struct, int size, boolean withCaller) {
    this.dump = dump;
    this.head = withCaller ? 20 : 16;
    dump.word(VARIABLES, BUFFER).u32(VARIABLES + 8, size);
    dump.infoSymbol("log_buf", VARIABLES).infoSymbol("log_buf_len", VARIABLES + 8);
    dump.infoSymbol("log_first_idx", VARIABLES + 12).infoSymbol("log_next_idx", VARIABLES + 16);
    dump.info("SIZE(" + struct + ")=" + head, "OFFSET(" + struct + ".ts_nsec)=0");
    dump.info("OFFSET(" + struct + ".len)=8", "OFFSET(" + struct + ".text_len)=10");
    dump.info("OFFSET(" + struct + ".dict_len)=12");
  }

  /** The first record is at this index, and so is what is added next. */
  public RecordBufferBytes first(int index) {
    dump.u32(VARIABLES + 12, index);
    next = index;
    return this;
  }

  /** A record with a dictionary. */
  public RecordBufferBytes add(long nanoseconds, int levelAndFlags, long caller, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int size = head + bytes.length + DICT + 3 & -4;
    long at = BUFFER + next;
    dump.u64(at, nanoseconds).u16(at + 8, size).u16(at + 10, bytes.length).u16(at + 12, DICT);
    dump.u8(at + 14, 3).u8(at + 15, levelAndFlags);
    if (head > 16) {
      dump.u32(at + 16, caller);
    }
    dump.bytes(at + head, bytes).text(at + head + bytes.length, "A=b");
    return next(next + size);
  }

  /** The mark that the next record is at the start. */
  public RecordBufferBytes wrap() {
    dump.u64(BUFFER + next, 0).u64(BUFFER + next + 8, 0);
    return next(0);
  }

  /** Sets where the next record would be. */
  public RecordBufferBytes next(int index) {
    next = index;
    dump.u32(VARIABLES + 16, index);
    return this;
  }
}
