package org.vmcore.kernel.log;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.StructLayout;
import org.vmcore.kernel.reading.Window;
import org.vmcore.memory.Extent;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Reads one record of a {@link PrintkRing} after the other. */
final class PrintkRecords {
  /** Where the block of a text is for which there was no room. */
  private static final long FAILED_LPOS = 1;

  private final LineEnds lines = new LineEnds();
  private final KernelReader in;
  private final DescriptorStates states;
  private final long descs;
  private final long infos;
  private final TextBlocks texts;
  private final LogGaps gaps;
  private final Window descriptors;
  private final Window metadata;
  private final int descSize;
  private final int infoSize;
  private final int stateVar;
  private final int begin;
  private final int next;
  private final int seq;
  private final int time;
  private final int textLength;
  private final int caller;

  /** How many bytes of a descriptor, and of a record's metadata, are used. */
  private final int descEnd;

  private final int infoEnd;

  /**
   * @param descs the descriptors' virtual address
   * @param infos that of the records' metadata
   * @param gaps where damage is reported
   */
  PrintkRecords(
      KernelReader in,
      StructLayout layout,
      DescriptorStates states,
      long descs,
      long infos,
      TextBlocks texts,
      LogGaps gaps)
      throws VmcoreException {
    this.in = in;
    this.states = states;
    this.descs = descs;
    this.infos = infos;
    this.texts = texts;
    this.gaps = gaps;
    descriptors = new Window(in.memory(), PrintkRing.PIECE);
    metadata = new Window(in.memory(), PrintkRing.PIECE);
    descSize = layout.size("prb_desc");
    infoSize = layout.size("printk_info");
    stateVar = layout.offset("prb_desc.state_var") + layout.offset("atomic_long_t.counter");
    int block = layout.offset("prb_desc.text_blk_lpos");
    begin = block + layout.offset("prb_data_blk_lpos.begin");
    next = block + layout.offset("prb_data_blk_lpos.next");
    seq = layout.offset("printk_info.seq");
    time = layout.offset("printk_info.ts_nsec");
    textLength = layout.offset("printk_info.text_len");
    caller = layout.offset("printk_info.caller_id");
    descEnd = Math.max(stateVar, Math.max(begin, next)) + in.wordSize();
    infoEnd = Math.max(Math.max(seq, time) + 8, Math.max(textLength, caller) + 4);
    requireInside("prb_desc", descSize, descEnd);
    requireInside("printk_info", infoSize, infoEnd);
  }

  private void requireInside(String name, int size, int end) throws VmcoreException {
    if (end > size) {
      throw VmcoreException.of(
          in.file(), "VMCOREINFO: SIZE(" + name + ")=" + size + ": less than its fields take");
    }
  }

  /** Nothing in front of the tail, which was given up, or behind the head can be a record. */
  void requireNone(long id, String field, String where) throws VmcoreException {
    int at = descriptors.at(descs + states.slot(id) * descSize, descEnd);
    if (at >= 0 && states.isRecord(id, in.word(descriptors.bytes(), at + stateVar))) {
      gaps.damage(
          "the ring's "
              + field
              + " is wrong: "
              + Hex.of(id)
              + ", right "
              + where
              + " it, is a record");
    }
  }

  /**
   * Reads the record with this id, and passes over those whose descriptors can't be read with it.
   *
   * @return how many of the {@code left} records these were
   */
  long read(long id, long left, Consumer<LogRecord> out) throws VmcoreException {
    long slot = states.slot(id);
    long descriptor = descs + slot * descSize;
    int at = descriptors.at(descriptor, descEnd);
    if (at < 0) {
      return passUnreadable(descriptor, Math.min(left, states.count() - slot));
    }
    long state = in.word(descriptors.bytes(), at + stateVar);
    if (!states.isRecord(id, state)) {
      if (!states.mayBe(id, state)) {
        gaps.damaged(() -> "descriptor " + Hex.of(id) + " holds the state " + Hex.of(state));
      }
    } else {
      long from = in.word(descriptors.bytes(), at + begin);
      record(slot, id, from, in.word(descriptors.bytes(), at + next), out);
    }
    return 1;
  }

  /** Passes over all descriptors in the memory that is missing, at most {@code most}. */
  private long passUnreadable(long descriptor, long most) throws VmcoreException {
    long missing = firstUnreadable(descriptor, descEnd);
    Extent extent = in.memory().extentAt(missing);
    long last = missing - descriptor + extent.sizeFrom(missing) - 1;
    long count = extent.isPresent() ? 1 : 1 + Long.divideUnsigned(last, descSize);
    count = Math.min(count, most);
    gaps.unreadable(missing, "prb_desc", count);
    return count;
  }

  /** The address of the first byte of {@code size}, not all of which can be read, that can't. */
  private long firstUnreadable(long address, int size) throws VmcoreException {
    return address + in.upTo(address, size).length;
  }

  private void record(long slot, long id, long from, long to, Consumer<LogRecord> out)
      throws VmcoreException {
    long info = infos + slot * infoSize;
    int at = metadata.at(info, infoEnd);
    if (at < 0) {
      gaps.unreadable(firstUnreadable(info, infoEnd), "printk_info");
      return;
    }
    byte[] bytes = metadata.bytes();
    OptionalLong number = OptionalLong.of(in.int64(bytes, at + seq));
    long nanoseconds = in.int64(bytes, at + time);
    gaps.in(number, nanoseconds);
    if (states.slot(number.getAsLong()) != slot) {
      gaps.damaged(() -> "its number isn't that of a record in descriptor " + Hex.of(id));
    }
    byte[] text = texts.text(id, from, to, in.uint16(bytes, at + textLength));
    gaps.behind();
    long from32 = in.int32(bytes, at + caller) & 0xffff_ffffL;
    out.accept(
        LogRecord.of(
            number,
            nanoseconds,
            bytes[at + textLength + 2] & 0xff,
            bytes[at + textLength + 3] & 0xff,
            in.isBigEndian(),
            Optional.of(LogRecord.caller(from32)),
            from == FAILED_LPOS && to == FAILED_LPOS,
            text,
            lines));
  }
}
