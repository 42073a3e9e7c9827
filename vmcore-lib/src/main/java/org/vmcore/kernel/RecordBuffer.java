package org.vmcore.kernel;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.io.VmcoreException;

/**
 * The log of kernels from 3.5 to 5.9: records of various lengths, one behind the other, in a buffer
 * that is written around. A record of length 0 says that the next one is at the buffer's start.
 *
 * <p>The structure's name was {@code log} up to 3.10. Its numbers aren't kept with the records.
 * Source: {@code struct printk_log} of kernel/printk/printk.c.
 */
final class RecordBuffer {
  private static final int MAX_SIZE = 1 << 30;
  private static final int CALLER_SIZE = 4;

  private final Reader in;
  private final long buffer;
  private final long size;
  private final long first;
  private final long next;
  private final int head;
  private final int time;
  private final int length;
  private final int textLength;
  private final int dictLength;

  private RecordBuffer(Reader in, StructLayout layout) throws VmcoreException {
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

  static RecordBuffer of(Reader in, StructLayout layout) throws VmcoreException {
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
    long passed = 0;
    for (long at = first; at != next; ) {
      if (at + head > size || passed > size) {
        gaps.damage("the log goes on at " + at + " of " + size + " bytes: not read from there on");
        return;
      }
      byte[] record = in.upTo(buffer + at, head);
      if (record.length < head) {
        gaps.unreadable(buffer + at + record.length, "printk_log");
        return;
      }
      int all = in.uint16(record, length);
      if (all == 0) {
        passed += size - at;
        at = 0;
        continue;
      }
      if (all < head || at + all > size) {
        gaps.damage("the record at " + at + " of the log has a length of " + all + ": not read on");
        return;
      }
      record(record, at, Math.min(in.uint16(record, textLength), all - head), out, gaps);
      passed += all;
      at += all;
    }
  }

  private void record(byte[] record, long at, int texts, Consumer<LogRecord> out, LogGaps gaps)
      throws VmcoreException {
    byte[] text = in.upTo(buffer + at + head, texts);
    if (text.length < texts) {
      gaps.unreadable(buffer + at + head + text.length, "text");
    }
    int caller = dictLength + 4;
    out.accept(
        LogRecord.of(
            OptionalLong.empty(),
            in.int64(record, time),
            record[dictLength + 2] & 0xff,
            record[dictLength + 3] & 0xff,
            in.isBigEndian(),
            caller + CALLER_SIZE <= head
                ? Optional.of(LogRecord.caller(in.int32(record, caller) & 0xffff_ffffL))
                : Optional.empty(),
            text));
  }
}
