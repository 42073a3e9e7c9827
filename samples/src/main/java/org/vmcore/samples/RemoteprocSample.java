package org.vmcore.samples;

import static org.vmcore.testing.RemoteprocKernel.CRASHED;
import static org.vmcore.testing.RemoteprocKernel.DUMP;
import static org.vmcore.testing.RemoteprocKernel.ENABLED;
import static org.vmcore.testing.RemoteprocKernel.INLINE;
import static org.vmcore.testing.RemoteprocKernel.OFFLINE;
import static org.vmcore.testing.RemoteprocKernel.RUNNING;

import java.nio.charset.StandardCharsets;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.RemoteprocKernel;

/** A dump of a kernel with remote processors, two ghosts, and two coredumps of them. */
final class RemoteprocSample {
  private RemoteprocSample() {}

  static DumpBuilder dump() {
    RemoteprocKernel kernel = new RemoteprocKernel();
    byte[] firmware = DumpBuilder.pattern(0, 0x200);
    long dsp = kernel.rproc("dsp", RUNNING);
    long parent = kernel.vdev(dsp);
    kernel.crashes(dsp, 2, true).dumpMode(dsp, ENABLED).segment(dsp, 0x1000, 0x200);
    kernel.carveout(dsp, "text", 0x1000, firmware);
    kernel.queue(dsp, kernel.virtio(parent, "virtio3", 3, true));
    kernel.virtio(parent, "virtio3", 1, false);
    kernel.copied(dsp, "devcd4", coredump());
    long modem = kernel.rproc("modem", OFFLINE);
    kernel.virtio(kernel.vdev(modem), "virtio5", 2, false);
    kernel.crashes(modem, 1, true).dumpMode(modem, INLINE).segment(modem, 0x1000, 0x200);
    kernel.segment(modem, 0x8000, 0x80, DUMP).carveout(modem, "text", 0x1000, firmware);
    kernel.inline(modem, "devcd5", header());
    kernel.crashes(kernel.rproc("sensors", CRASHED), 1, false);
    return kernel.dump();
  }

  private static byte[] header() {
    byte[] header = new byte[64];
    byte[] magic = "\u007fELF\2\1\1".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magic, 0, header, 0, magic.length);
    return header;
  }

  private static byte[] coredump() {
    byte[] coredump = DumpBuilder.pattern(0, 64 + 0x200);
    System.arraycopy(header(), 0, coredump, 0, 64);
    return coredump;
  }
}
