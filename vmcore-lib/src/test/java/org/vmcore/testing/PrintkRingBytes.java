package org.vmcore.testing;

import java.nio.charset.StandardCharsets;

/**
 * Writes the lockless log ring of kernel/printk/printk_ringbuffer.h into a {@link KernelDump}, with
 * its fields where a 6.1 kernel has them.
 */
public final class PrintkRingBytes {
  /** The state of a descriptor whose record can be read and still be added to. */
  public static final int COMMITTED = 1;

  /** The state of a descriptor whose record is complete. */
  public static final int FINALIZED = 2;

  /** The address of the pointer to the ring. */
  public static final long PRB = KernelDump.BASE + 0x13ff0;

  /** The address of {@code struct printk_ringbuffer}. */
  public static final long RING = KernelDump.BASE + 0x14000;

  /** The address of the descriptors. */
  public static final long DESCS = KernelDump.BASE + 0x15000;

  /** The address of the records' metadata. */
  public static final long INFOS = KernelDump.BASE + 0x16000;

  /** The address of the texts. */
  public static final long DATA = KernelDump.BASE + 0x17000;

  private static final int INFO_SIZE = 88;

  private final KernelDump dump;
  private final long word;
  private final int stateShift;
  private final long idMask;
  private final int countBits;
  private final int sizeBits;
  private long id;
  private long position;

  /**
   * An empty ring.
   *
   * @param countBits 2^n descriptors
   * @param sizeBits 2^n bytes of text
   * @param tail the first record's id
   */
  public PrintkRingBytes(KernelDump dump, int countBits, int sizeBits, long tail) {
    this.dump = dump;
    this.countBits = countBits;
    this.sizeBits = sizeBits;
    this.word = dump.wordSize();
    this.stateShift = Byte.SIZE * dump.wordSize() - 2;
    this.idMask = (1L << stateShift) - 1;
    this.id = tail & idMask;
    dump.word(PRB, RING).u32(RING, countBits).word(RING + word, DESCS);
    dump.word(RING + 2 * word, INFOS).word(RING + 4 * word, id);
    dump.u32(RING + 6 * word, sizeBits).word(RING + 7 * word, DATA);
    tell();
  }

  private long descSize() {
    return 3 * word;
  }

  private void tell() {
    dump.infoSymbol("prb", PRB)
        .info(
            "OFFSET(printk_ringbuffer.desc_ring)=0",
            "OFFSET(printk_ringbuffer.text_data_ring)=" + 6 * word)
        .info("OFFSET(prb_desc_ring.count_bits)=0", "OFFSET(prb_desc_ring.descs)=" + word)
        .info("OFFSET(prb_desc_ring.infos)=" + 2 * word)
        .info("OFFSET(prb_desc_ring.head_id)=" + 3 * word)
        .info("OFFSET(prb_desc_ring.tail_id)=" + 4 * word, "SIZE(prb_desc)=" + descSize())
        .info("OFFSET(prb_desc.state_var)=0", "OFFSET(prb_desc.text_blk_lpos)=" + word)
        .info("OFFSET(prb_data_blk_lpos.begin)=0", "OFFSET(prb_data_blk_lpos.next)=" + word)
        .info("SIZE(printk_info)=" + INFO_SIZE, "OFFSET(printk_info.seq)=0")
        .info("OFFSET(printk_info.ts_nsec)=8", "OFFSET(printk_info.text_len)=16")
        .info("OFFSET(printk_info.caller_id)=20", "OFFSET(prb_data_ring.size_bits)=0")
        .info("OFFSET(prb_data_ring.data)=" + word, "OFFSET(atomic_long_t.counter)=0");
  }

  /** The text ring goes on at this position. */
  public PrintkRingBytes position(long next) {
    position = next;
    return this;
  }

  /** A record that is complete. */
  public PrintkRingBytes add(long nanoseconds, int level, String text) {
    return add(nanoseconds, level, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A record that is complete. */
  public PrintkRingBytes add(long nanoseconds, int level, byte[] text) {
    return add(FINALIZED, nanoseconds, level << 5, 0, text, false);
  }

  /**
   * A record. An empty text has no block.
   *
   * @param levelAndFlags the level in the high three bits, of big-endian kernels in the low ones
   * @param upToTheEnd whether a block may end where the ring does, as since 6.19
   */
  public PrintkRingBytes add(
      int state,
      long nanoseconds,
      int levelAndFlags,
      long caller,
      byte[] text,
      boolean upToTheEnd) {
    long slot = id & (1L << countBits) - 1;
    long info = INFOS + slot * INFO_SIZE;
    dump.u64(info, id).u64(info + 8, nanoseconds).u16(info + 16, text.length);
    dump.u8(info + 19, levelAndFlags).u32(info + 20, caller);
    long desc = DESCS + slot * descSize();
    dump.word(desc, (long) state << stateShift | id);
    block(desc, text, upToTheEnd);
    dump.word(RING + 3 * word, id);
    id = id + 1 & idMask;
    return this;
  }

  private void block(long desc, byte[] text, boolean upToTheEnd) {
    if (text.length == 0) {
      dump.word(desc + word, 3).word(desc + 2 * word, 3);
      return;
    }
    long ring = 1L << sizeBits;
    long begin = position;
    long size = word + text.length + (word - 1) & -word;
    long room = ring - (begin & ring - 1);
    boolean fits = upToTheEnd ? size <= room : size < room;
    long start = fits ? begin & ring - 1 : 0;
    position = fits ? begin + size : begin + room + size;
    dump.word(desc + word, begin).word(desc + 2 * word, position);
    dump.word(DATA + start, id).bytes(DATA + start + word, text);
  }

  /** Overwrites the word of state and id of the record that was added with this id. */
  public PrintkRingBytes state(long record, long value) {
    dump.word(DESCS + (record & (1L << countBits) - 1) * descSize(), value);
    return this;
  }

  /** Overwrites the ring's first and last id. */
  public PrintkRingBytes ids(long tail, long head) {
    dump.word(RING + 4 * word, tail).word(RING + 3 * word, head);
    return this;
  }
}
