package org.vmcore.convert.essential;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.StructLayout;
import org.vmcore.memory.VmcoreException;

/** The kernel's log: its ring, as VMCOREINFO tells of it, or the older buffer. */
final class LogPages {
  private static final long MOST = 1L << 31;
  private static final int MOST_BITS = 27;

  private final KernelReader in;
  private final StructLayout layout;
  private final PageRanges out;

  private LogPages(KernelReader in, StructLayout layout, PageRanges out) {
    this.in = in;
    this.layout = layout;
    this.out = out;
  }

  static void find(Kernel kernel, String file, PageRanges out) throws VmcoreException {
    KernelReader in = kernel.objects().reader();
    Optional<VmcoreInfo> info = kernel.info();
    if (info.isEmpty()) {
      throw VmcoreException.of(file, "there is no VMCOREINFO");
    }
    LogPages log = new LogPages(in, new StructLayout(info.get(), file), out);
    OptionalLong ring = info.get().symbol("prb");
    if (ring.isPresent()) {
      log.ring(in.word(ring.getAsLong(), "prb"));
    } else {
      log.buffer();
    }
  }

  private void ring(long ring) throws VmcoreException {
    long descs = ring + layout.offset("printk_ringbuffer.desc_ring");
    long texts = ring + layout.offset("printk_ringbuffer.text_data_ring");
    add(ring, layout.size("printk_ringbuffer"));
    long count = 1L << bits(descs + layout.offset("prb_desc_ring.count_bits"));
    add(pointer(descs, "prb_desc_ring.descs"), count * layout.size("prb_desc"));
    add(pointer(descs, "prb_desc_ring.infos"), count * layout.size("printk_info"));
    add(
        pointer(texts, "prb_data_ring.data"),
        1L << bits(texts + layout.offset("prb_data_ring.size_bits")));
  }

  private void buffer() throws VmcoreException {
    long size = in.u32(layout.symbol("log_buf_len"), "log_buf_len");
    add(in.word(layout.symbol("log_buf"), "log_buf"), size);
  }

  private long bits(long address) throws VmcoreException {
    return Math.min(in.u32(address, "bits"), MOST_BITS);
  }

  private long pointer(long struct, String field) throws VmcoreException {
    return in.word(struct + layout.offset(field), field);
  }

  private void add(long address, long size) throws VmcoreException {
    out.virtual(EssentialKind.LOG, address, Math.min(size, MOST));
  }
}
