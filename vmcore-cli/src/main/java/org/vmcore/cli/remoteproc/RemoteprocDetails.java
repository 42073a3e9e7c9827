package org.vmcore.cli.remoteproc;

import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.kernel.symbols.Symbols;
import org.vmcore.memory.VmcoreException;
import org.vmcore.remoteproc.kernel.Carveout;
import org.vmcore.remoteproc.kernel.DumpSegment;
import org.vmcore.remoteproc.kernel.RemoteProcessor;
import org.vmcore.remoteproc.kernel.Vdev;
import org.vmcore.remoteproc.kernel.VirtioDevice;
import org.vmcore.remoteproc.kernel.Vring;
import org.vmcore.values.Hex;

/** What remote processors have, in a table for each kind; kinds that none has are left out. */
final class RemoteprocDetails {
  private static final Fields SEGMENT = new Fields();
  private static final Field SEGMENT_OF = SEGMENT.text("of", "").titled("SEGMENT OF").dashed();
  private static final Field SEGMENT_DA = SEGMENT.address("da", "").titled("DA");
  private static final Field SEGMENT_SIZE = SEGMENT.size("size", "").titled("SIZE");
  private static final Field DUMP = SEGMENT.text("dump", "").titled("COPIED BY");
  private static final Field SEGMENT_ADDRESS = SEGMENT.address("address", "").titled("SEGMENT");

  private static final Fields CARVEOUT = new Fields();
  private static final Field CARVEOUT_OF = CARVEOUT.text("of", "").titled("CARVEOUT OF").dashed();
  private static final Field CARVEOUT_NAME = CARVEOUT.text("name", "").titled("NAME").dashed();
  private static final Field CARVEOUT_DA = CARVEOUT.address("da", "").titled("DA");
  private static final Field CARVEOUT_SIZE = CARVEOUT.size("size", "").titled("SIZE");
  private static final Field VA = CARVEOUT.address("va", "").titled("VA");
  private static final Field DMA = CARVEOUT.address("dma", "").titled("DMA");
  private static final Field IOMEM = CARVEOUT.text("iomem", "").titled("IOMEM");

  private static final Fields VDEV = new Fields();
  private static final Field VDEV_OF = VDEV.text("of", "").titled("VIRTIO DEVICE OF").dashed();
  private static final Field VDEV_NAME = VDEV.text("name", "").titled("NAME").dashed();
  private static final Field KIND = VDEV.number("id", "").titled("ID");
  private static final Field REFERENCES = VDEV.number("references", "").titled("REFERENCES");
  private static final Field GHOST = VDEV.text("ghost", "").titled("GHOST");
  private static final Field QUEUES = VDEV.count("queues", "").titled("QUEUES");
  private static final Field PARENT = VDEV.text("parent", "").titled("PARENT").dashed();
  private static final Field ABOVE = VDEV.number("above", "").titled("ITS REFERENCES");
  private static final Field VDEV_ADDRESS = VDEV.address("address", "").titled("VIRTIO_DEVICE");

  private static final Fields VRING = new Fields();
  private static final Field VRING_OF = VRING.text("of", "").titled("VRING OF").dashed();
  private static final Field VRING_DEVICE = VRING.text("device", "").titled("DEVICE").dashed();
  private static final Field ENTRIES = VRING.count("entries", "").titled("ENTRIES");
  private static final Field ALIGNMENT = VRING.size("alignment", "").titled("ALIGNMENT");
  private static final Field NOTIFY = VRING.number("notify", "").titled("NOTIFY");
  private static final Field QUEUE = VRING.address("queue", "").titled("VIRTQUEUE");

  private final TextOut out;
  private final OutputOptions output;
  private final Symbols symbols;

  RemoteprocDetails(TextOut out, OutputOptions output, Symbols symbols) {
    this.out = out;
    this.output = output;
    this.symbols = symbols;
  }

  /** Sets the rows of one table. */
  @FunctionalInterface
  private interface Rows {
    void of(Row row, RemoteProcessor rproc) throws VmcoreException;
  }

  void write(List<RemoteProcessor> rprocs) throws VmcoreException {
    table(SEGMENT, rprocs, rproc -> rproc.segments().size(), this::segments);
    table(CARVEOUT, rprocs, rproc -> rproc.carveouts().size(), RemoteprocDetails::carveouts);
    table(VDEV, rprocs, rproc -> rproc.virtioDevices().size(), RemoteprocDetails::virtioDevices);
    table(VRING, rprocs, rproc -> rproc.vdevs().size(), RemoteprocDetails::vrings);
  }

  private void table(
      Fields fields, List<RemoteProcessor> rprocs, ToIntFunction<RemoteProcessor> count, Rows rows)
      throws VmcoreException {
    if (rprocs.stream().mapToInt(count).sum() == 0) {
      return;
    }
    out.line();
    Table table = new Table(out, fields);
    if (table.measures()) {
      all(table, rprocs, rows);
      table.measured();
    }
    all(output.begin(table), rprocs, rows);
  }

  private static void all(Row row, List<RemoteProcessor> rprocs, Rows rows) throws VmcoreException {
    for (RemoteProcessor rproc : rprocs) {
      rows.of(row, rproc);
    }
  }

  private void segments(Row row, RemoteProcessor rproc) throws VmcoreException {
    for (DumpSegment segment : rproc.segments()) {
      row.set(SEGMENT_OF, rproc.device()).set(SEGMENT_DA, segment.da());
      row.set(SEGMENT_SIZE, segment.size());
      if (segment.isCustom()) {
        row.set(DUMP, function(segment.dump()));
      }
      row.set(SEGMENT_ADDRESS, segment.address()).end();
    }
  }

  /** The name of the function at {@code address} or, where it has none, the address. */
  private String function(long address) throws VmcoreException {
    Optional<Symbol> symbol = symbols.nearest(address);
    return symbol.isPresent() && symbol.get().address() == address
        ? symbol.get().name()
        : Hex.of(address);
  }

  private static void carveouts(Row row, RemoteProcessor rproc) {
    for (Carveout carveout : rproc.carveouts()) {
      row.set(CARVEOUT_OF, rproc.device()).set(CARVEOUT_NAME, carveout.name());
      row.set(CARVEOUT_DA, carveout.da()).set(CARVEOUT_SIZE, carveout.size());
      if (carveout.va() != 0) {
        row.set(VA, carveout.va());
      }
      if (carveout.dma() != 0) {
        row.set(DMA, carveout.dma());
      }
      row.set(IOMEM, carveout.isIomem() ? "yes" : "no").end();
    }
  }

  private static void virtioDevices(Row row, RemoteProcessor rproc) {
    for (VirtioDevice device : rproc.virtioDevices()) {
      row.set(VDEV_OF, rproc.device()).set(VDEV_NAME, device.name()).set(KIND, device.id());
      row.set(REFERENCES, device.references()).set(GHOST, device.isGhost() ? "ghost" : "no");
      row.set(QUEUES, device.queues()).set(PARENT, device.parent());
      row.set(ABOVE, device.parentReferences()).set(VDEV_ADDRESS, device.address()).end();
    }
  }

  private static void vrings(Row row, RemoteProcessor rproc) {
    for (Vdev vdev : rproc.vdevs()) {
      for (Vring vring : vdev.vrings()) {
        row.set(VRING_OF, rproc.device()).set(VRING_DEVICE, vdev.device());
        row.set(ENTRIES, vring.entries()).set(ALIGNMENT, vring.alignment());
        row.set(NOTIFY, vring.notifyId());
        if (vring.virtqueue() != 0) {
          row.set(QUEUE, vring.virtqueue());
        }
        row.end();
      }
    }
  }
}
