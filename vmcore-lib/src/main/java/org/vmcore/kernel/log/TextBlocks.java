package org.vmcore.kernel.log;

import java.util.Arrays;
import java.util.OptionalLong;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Window;
import org.vmcore.memory.VmcoreException;

/**
 * The ring of the records' texts: blocks, each of which begins with the id of its record.
 *
 * <p>Source: kernel/printk/printk_ringbuffer.c, {@code get_data}.
 */
final class TextBlocks {
  private final KernelReader in;
  private final long data;
  private final long size;
  private final LogGaps gaps;
  private final Window texts;

  /** Blocks don't overlap: together they have no more bytes than the ring. */
  private long left;

  /**
   * @param data the ring's virtual address
   * @param size in bytes, a power of 2
   * @param gaps where damage is reported
   */
  TextBlocks(KernelReader in, long data, long size, LogGaps gaps) {
    this.in = in;
    this.data = data;
    this.size = size;
    this.gaps = gaps;
    this.texts = new Window(in.memory(), PrintkRing.PIECE);
    this.left = size;
  }

  /** The block's bytes behind its id; equal positions are those of a record without a text. */
  byte[] text(long id, long from, long to, int length) throws VmcoreException {
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
    left -= end - start;
    if (room < 0 || left < 0) {
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
