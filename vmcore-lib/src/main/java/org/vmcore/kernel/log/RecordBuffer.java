package org.vmcore.kernel.log;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.StructLayout;
import org.vmcore.memory.VmcoreException;

/**
 * The log of kernels from 3.5 to 5.9: records of various lengths, one behind the other, in a buffer
 * that is written around. A record of length 0 says that the next one is at the buffer's start, and
 * only there does a record begin for certain: behind one that can't be read the log ends, or goes
 * on at the start.
 *
 * <p>The structure's name was {@code log} up to 3.10. Its numbers aren't kept with the records.
 * Source: {@code struct printk_log} of kernel/printk/printk.c.
 */
final class RecordBuffer {
  private static final int MAX_SIZE = 1 << 30;
  private static final int CALLER_SIZE = 4;
  private static final int ALIGNMENT = 8; // LOG_ALIGN is 4 or 8

  private final KernelReader in;
  private final long buffer;
  private final long size;
  private final long first;
  private final long next;
  private final int head;
  private final int time;
  private final int length;
  private final int textLength;
  private final int dictLength;

  private RecordBuffer(KernelReader in, StructLayout layout) throws VmcoreException {
    this.in = in;
    String struct = layout.hasSize("printk_log") ? "printk_log" : "log";
    buffer = in.word(layout.symbol("log_buf"), "log_buf");
    size = in.u32(layout.symbol("log_buf_len"), "log_buf_len");
    first = in.u32(layout.symbol("log_first_idx"), "log_first_idx");
    next = in.u32(layout.symbol("log_next_idx"), "log_next_idx");
    head = layout.size(struct);
    time = layout.offset(struct + ".ts_nsec");
    length = layout.offset(struct + ".len");
    textLength = layout.offset(struct + ".text_len");
    dictLength = layout.offset(struct + ".dict_len");
    check(layout, struct);
  }

  static RecordBuffer of(KernelReader in, StructLayout layout) throws VmcoreException {
    return new RecordBuffer(in, layout);
  }

  private void check(StructLayout layout, String struct) throws VmcoreException {
    int end = Math.max(Math.max(time + 8, length + 2), Math.max(textLength + 2, dictLength + 4));
    if (end > head) {
      throw VmcoreException.of(
          in.file(), "VMCOREINFO: SIZE(" + struct + ")=" + head + ": less than its fields take");
    }
    if (size < head || size > MAX_SIZE) {
      long address = layout.symbol("log_buf_len");
      throw in.fault(address, "log_buf_len", size + ": not from " + head + " to " + MAX_SIZE);
    }
  }

  void read(Consumer<LogRecord> out, LogGaps gaps) throws VmcoreException {
    LineEnds lines = new LineEnds();
    if (first > next) {
      part(first, true, out, gaps, lines);
    }
    part(first > next ? 0 : first, false, out, gaps, lines);
  }

  /**
   * Reads from {@code at} on.
   *
   * @param isOlder whether these are the records up to the buffer's end; whatever becomes of them,
   *     the newer ones begin at its start
   */
  private void part(long at, boolean isOlder, Consumer<LogRecord> out, LogGaps gaps, LineEnds lines)
      throws VmcoreException {
    String then = isOlder ? "; read on at the buffer's start" : "; not read on";
    while (isOlder || at < next) {
      if (at + head > size) {
        gaps.ended("it goes on at " + at + " of " + size + " bytes" + then);
        return;
      }
      byte[] record = in.upTo(buffer + at, head);
      if (record.length < head) {
        gaps.ended(buffer + at + record.length, "printk_log", then);
        return;
      }
      int all = in.uint16(record, length);
      if (all == 0 && isOlder) {
        return;
      }
      if (!isWhole(record, all) || at + all > size) {
        gaps.ended("the one at " + at + " has a length of " + all + then);
        return;
      }
      record(record, at, out, gaps, lines);
      at += all;
    }
    if (at > next) {
      gaps.damage("the log's last record ends at " + at + ", behind log_next_idx, " + next);
    }
  }

  /** Whether a record's length is that of its parts, and less than {@link #ALIGNMENT} more. */
  private boolean isWhole(byte[] record, int all) {
    int parts = head + in.uint16(record, textLength) + in.uint16(record, dictLength);
    return all >= parts && all < parts + ALIGNMENT;
  }

  private void record(byte[] record, long at, Consumer<LogRecord> out, LogGaps gaps, LineEnds lines)
      throws VmcoreException {
    long nanoseconds = in.int64(record, time);
    int texts = in.uint16(record, textLength);
    byte[] text = in.upTo(buffer + at + head, texts);
    gaps.in(OptionalLong.empty(), nanoseconds);
    if (text.length < texts) {
      gaps.unreadable(buffer + at + head + text.length, "text");
    }
    gaps.behind();
    int caller = dictLength + 4;
    out.accept(
        LogRecord.of(
            OptionalLong.empty(),
            nanoseconds,
            record[dictLength + 2] & 0xff,
            record[dictLength + 3] & 0xff,
            in.isBigEndian(),
            caller + CALLER_SIZE <= head
                ? Optional.of(LogRecord.caller(in.int32(record, caller) & 0xffff_ffffL))
                : Optional.empty(),
            false,
            text,
            lines));
  }
}
