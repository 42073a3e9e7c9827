package org.vmcore.kernel.log;

import java.util.function.Consumer;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.StructLayout;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

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

  /** How many bytes of each of the three rings are read at once. */
  static final int PIECE = 1 << 16;

  private final KernelReader in;
  private final StructLayout layout;
  private final long descs;
  private final long infos;
  private final DescriptorStates states;
  private final long head;
  private final long tail;
  private final int sizeBits;
  private final long data;

  private PrintkRing(KernelReader in, StructLayout layout) throws VmcoreException {
    this.in = in;
    this.layout = layout;
    int counter = layout.offset("atomic_long_t.counter");
    long ring = in.word(layout.symbol("prb"), "prb");
    long desc = ring + layout.offset("printk_ringbuffer.desc_ring");
    long text = ring + layout.offset("printk_ringbuffer.text_data_ring");
    int countBits =
        bits(
            desc + layout.offset("prb_desc_ring.count_bits"),
            "prb_desc_ring.count_bits",
            MAX_COUNT_BITS);
    states = new DescriptorStates(countBits, in.wordSize());
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

  void read(Consumer<LogRecord> out, LogGaps gaps) throws VmcoreException {
    TextBlocks texts = new TextBlocks(in, data, 1L << sizeBits, gaps);
    PrintkRecords records = new PrintkRecords(in, layout, states, descs, infos, texts, gaps);
    long first = states.id(tail);
    long span = states.id(head - first);
    if (span >= states.count()) {
      gaps.damage(
          "the ring's head_id "
              + Hex.of(head)
              + " and tail_id "
              + Hex.of(tail)
              + " are further apart than its "
              + states.count()
              + " descriptors: read by its head");
      span = states.count() - 1;
      first = states.id(head - span);
    }
    records.requireNone(states.id(first - 1), "tail_id", "in front of");
    for (long i = 0; i <= span; ) {
      i += records.read(states.id(first + i), span - i + 1, out);
    }
    records.requireNone(states.id(head + 1), "head_id", "behind");
  }
}
