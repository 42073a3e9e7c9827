package org.vmcore.kernel.log;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.StructLayout;
import org.vmcore.kernel.reading.Window;
import org.vmcore.memory.Extent;
import org.vmcore.memory.VmcoreException;

/**
 * The lockless ring of kernels since 5.10: a ring of descriptors, one of their records' metadata,
 * and one of the texts.
 *
 * <p>A descriptor's state and id share one word. What isn't committed, or holds another id, is
 * passed over: so does vmcore-dmesg. Callers are always kept; CONFIG_PRINTK_CALLER says only
 * whether the kernel prints them. Sources: kernel/printk/printk_ringbuffer.h and .c;
 * Documentation/admin-guide/kdump/gdbmacros.txt.
 */
final class PrintkRing {
  private static final int MAX_COUNT_BITS = 27;
  private static final int MAX_SIZE_BITS = 31;
  private static final int RESERVED = 0;
  private static final int COMMITTED = 1;
  private static final int FINALIZED = 2;
  private static final int REUSABLE = 3;

  /** Where the block of a text is for which there was no room. */
  private static final long FAILED_LPOS = 1;

  private static final int PIECE = 1 << 16;

  private final KernelReader in;
  private final StructLayout layout;
  private final int countBits;
  private final long descs;
  private final long infos;
  private final long head;
  private final long tail;
  private final int sizeBits;
  private final long data;
  private final int descSize;
  private final int infoSize;

  private PrintkRing(KernelReader in, StructLayout layout) throws VmcoreException {
    this.in = in;
    this.layout = layout;
    int counter = layout.offset("atomic_long_t.counter");
    long ring = in.word(layout.symbol("prb"), "prb");
    long desc = ring + layout.offset("printk_ringbuffer.desc_ring");
    long text = ring + layout.offset("printk_ringbuffer.text_data_ring");
    countBits =
        bits(
            desc + layout.offset("prb_desc_ring.count_bits"),
            "prb_desc_ring.count_bits",
            MAX_COUNT_BITS);
    descs = in.word(desc + layout.offset("prb_desc_ring.descs"), "prb_desc_ring.descs");
    infos = in.word(desc + layout.offset("prb_desc_ring.infos"), "prb_desc_ring.infos");
    head =
        in.word(desc + layout.offset("prb_desc_ring.head_id") + counter, "prb_desc_ring.head_id");
    tail =
        in.word(desc + layout.offset("prb_desc_ring.tail_id") + counter, "prb_desc_ring.tail_id");
    sizeBits =
        bits(
            text + layout.offset("prb_data_ring.size_bits"),
            "prb_data_ring.size_bits",
            MAX_SIZE_BITS);
    data = in.word(text + layout.offset("prb_data_ring.data"), "prb_data_ring.data");
    descSize = layout.size("prb_desc");
    infoSize = layout.size("printk_info");
  }

  static PrintkRing of(KernelReader in, StructLayout layout) throws VmcoreException {
    return new PrintkRing(in, layout);
  }

  private int bits(long address, String field, int most) throws VmcoreException {
    long bits = in.u32(address, field);
    if (bits < 1 || bits > most) {
      throw in.fault(address, field, bits + ": not from 1 to " + most);
    }
    return (int) bits;
  }

  /** All of a descriptor's word but the two bits of its state. */
  private long idMask() {
    return -1L >>> (in.wordSize() == Long.BYTES ? 2 : 34);
  }

  void read(Consumer<LogRecord> out, LogGaps gaps) throws VmcoreException {
    Records records = new Records(gaps);
    long count = 1L << countBits;
    long first = tail & idMask();
    long span = (head - first) & idMask();
    if (span >= count) {
      gaps.damage(
          "the ring's head_id 0x"
              + Long.toHexString(head)
              + " and tail_id 0x"
              + Long.toHexString(tail)
              + " are further apart than its "
              + count
              + " descriptors: read by its head");
      span = count - 1;
      first = (head - span) & idMask();
    }
    records.requireNone((first - 1) & idMask(), "tail_id", "in front of");
    for (long i = 0; i <= span; ) {
      i += records.read((first + i) & idMask(), span - i + 1, out);
    }
    records.requireNone((head + 1) & idMask(), "head_id", "behind");
  }

  /** Reads one record after the other. */
  private final class Records {
    private final LogGaps gaps;
    private final Window descriptors = new Window(in.memory(), PIECE);
    private final Window metadata = new Window(in.memory(), PIECE);
    private final Window texts = new Window(in.memory(), PIECE);
    private final int stateVar =
        layout.offset("prb_desc.state_var") + layout.offset("atomic_long_t.counter");
    private final int begin =
        layout.offset("prb_desc.text_blk_lpos") + layout.offset("prb_data_blk_lpos.begin");
    private final int next =
        layout.offset("prb_desc.text_blk_lpos") + layout.offset("prb_data_blk_lpos.next");
    private final int seq = layout.offset("printk_info.seq");
    private final int time = layout.offset("printk_info.ts_nsec");
    private final int textLength = layout.offset("printk_info.text_len");
    private final int caller = layout.offset("printk_info.caller_id");

    /** How many bytes of a descriptor, and of a record's metadata, are used. */
    private final int descEnd = Math.max(stateVar, Math.max(begin, next)) + in.wordSize();

    private final int infoEnd = Math.max(Math.max(seq, time) + 8, Math.max(textLength, caller) + 4);

    /** Blocks don't overlap: together they have no more bytes than the ring. */
    private long textsLeft = 1L << sizeBits;

    Records(LogGaps gaps) throws VmcoreException {
      this.gaps = gaps;
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
      int at = descriptors.at(descs + slot(id) * descSize, descEnd);
      if (at >= 0 && isRecord(id, in.word(descriptors.bytes(), at + stateVar))) {
        gaps.damage(
            "the ring's "
                + field
                + " is wrong: 0x"
                + Long.toHexString(id)
                + ", right "
                + where
                + " it, is a record");
      }
    }

    private long slot(long id) {
      return id & (1L << countBits) - 1;
    }

    private boolean isRecord(long id, long state) {
      return (state & idMask()) == id && (kind(state) == COMMITTED || kind(state) == FINALIZED);
    }

    /**
     * Reads the record with this id, and passes over those whose descriptors can't be read with it.
     *
     * @return how many of the {@code left} records these were
     */
    long read(long id, long left, Consumer<LogRecord> out) throws VmcoreException {
      long slot = slot(id);
      long descriptor = descs + slot * descSize;
      int at = descriptors.at(descriptor, descEnd);
      if (at < 0) {
        return passUnreadable(descriptor, Math.min(left, (1L << countBits) - slot));
      }
      long state = in.word(descriptors.bytes(), at + stateVar);
      if (!isRecord(id, state)) {
        if (!mayBe(id, state)) {
          gaps.damaged(() -> "descriptor " + hex(id) + " holds the state " + hex(state));
        }
      } else {
        long from = in.word(descriptors.bytes(), at + begin);
        record(slot, id, from, in.word(descriptors.bytes(), at + next), out);
      }
      return 1;
    }

    private static String hex(long number) {
      return "0x" + Long.toHexString(number);
    }

    /**
     * Whether a kernel may have stopped with this state in the descriptor of {@code id}: that of a
     * record which is being written, or whose text was given up for newer ones.
     */
    private boolean mayBe(long id, long state) {
      boolean isOwn = (state & idMask()) == id;
      return isOwn
          ? kind(state) == RESERVED || kind(state) == REUSABLE
          : isBeingReserved(id, state);
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

    private int kind(long state) {
      return (int) (state >>> (8 * in.wordSize() - 2)) & 3;
    }

    /**
     * desc_reserve() advances head_id before the descriptor gets its id: until then that is the one
     * of the round before, ready for reuse, or 0 in the first round, the ids of which begin at
     * -count.
     */
    private boolean isBeingReserved(long id, long state) {
      long count = 1L << countBits;
      return state == 0
          ? ((id + count) & idMask()) < count
          : kind(state) == REUSABLE && (state & idMask()) == ((id - count) & idMask());
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
      if (slot(number.getAsLong()) != slot) {
        gaps.damaged(() -> "its number isn't that of a record in descriptor " + hex(id));
      }
      byte[] text = text(id, from, to, in.uint16(bytes, at + textLength));
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
              text));
    }

    /** The block's bytes behind its id; equal positions are those of a record without a text. */
    private byte[] text(long id, long from, long to, int length) throws VmcoreException {
      long size = 1L << sizeBits;
      long start = from & size - 1;
      long end = to & size - 1;
      if (start == end) {
        return new byte[0];
      }
      if (start > end && end == 0 && blockId(start).equals(OptionalLong.of(id))) {
        end = size; // since 6.19 a block may end where the ring does
      } else if (start > end) {
        start = 0; // it didn't fit in front of the ring's end
      }
      long room = end - start - in.wordSize();
      textsLeft -= end - start;
      if (room < 0 || textsLeft < 0) {
        String all = room < 0 ? " bytes with its head" : " bytes, more than the ring has left";
        long taken = room + in.wordSize();
        gaps.damaged(() -> "its text is " + taken + all);
        return new byte[0];
      }
      OptionalLong block = blockId(start);
      if (block.isPresent() && block.getAsLong() != id) {
        gaps.damaged(() -> "its text is in another record's block");
      } else if (length > room) {
        gaps.damaged(() -> "its text of " + length + " bytes is in a block of " + room);
      }
      return bytes(data + start + in.wordSize(), (int) Math.min(length, room));
    }

    /** The id that the block at {@code start} begins with, where it can be read. */
    private OptionalLong blockId(long start) throws VmcoreException {
      int at = texts.at(data + start, in.wordSize());
      return at < 0 ? OptionalLong.empty() : OptionalLong.of(in.word(texts.bytes(), at));
    }

    private byte[] bytes(long address, int length) throws VmcoreException {
      int at = length == 0 ? -1 : texts.at(address, length);
      if (at >= 0) {
        return Arrays.copyOfRange(texts.bytes(), at, at + length);
      }
      byte[] part = in.upTo(address, length);
      if (part.length < length) {
        gaps.unreadable(address + part.length, "text");
      }
      return part;
    }
  }
}
