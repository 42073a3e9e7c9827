package org.vmcore.cli.remoteproc;

import java.util.List;
import java.util.Optional;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.remoteproc.kernel.PendingCoredump;
import org.vmcore.remoteproc.kernel.RemoteProcessor;
import org.vmcore.remoteproc.kernel.VirtioDevice;
import org.vmcore.values.Hex;

/** Remote processors for people: a line each, then one for each ghost and each coredump. */
final class RemoteprocText {
  private static final Fields RPROC = new Fields();
  private static final Field DEVICE = RPROC.text("device", "").titled("DEVICE").dashed();
  private static final Field NAME = RPROC.text("name", "").titled("NAME").dashed();
  private static final Field STATE = RPROC.text("state", "").titled("STATE");
  private static final Field CRASHES = RPROC.count("crashes", "").titled("CRASHES");
  private static final Field RECOVERY = RPROC.text("recovery", "").titled("RECOVERY");
  private static final Field MODE = RPROC.text("mode", "").titled("DUMP MODE");
  private static final Field SEGMENTS = RPROC.count("segments", "").titled("SEGMENTS");
  private static final Field VDEVS = RPROC.count("vdevs", "").titled("VDEVS");
  private static final Field GHOSTS = RPROC.count("ghosts", "").titled("GHOSTS");
  private static final Field COREDUMPS = RPROC.count("coredumps", "").titled("COREDUMPS");
  private static final Field ADDRESS = RPROC.address("address", "").titled("RPROC");

  private final TextOut out;
  private final OutputOptions output;
  private final Extraction extraction;

  RemoteprocText(TextOut out, OutputOptions output, Extraction extraction) {
    this.out = out;
    this.output = output;
    this.extraction = extraction;
  }

  void write(List<RemoteProcessor> rprocs) {
    Table table = new Table(out, RPROC);
    if (table.measures()) {
      rows(table, rprocs);
      table.measured();
    }
    rows(output.begin(table), rprocs);
    for (RemoteProcessor rproc : rprocs) {
      for (VirtioDevice ghost : rproc.ghosts()) {
        out.line(ghost(rproc, ghost));
      }
    }
    for (RemoteProcessor rproc : rprocs) {
      for (PendingCoredump coredump : rproc.coredumps()) {
        out.line(coredump(rproc, coredump));
      }
    }
  }

  private static void rows(Row row, List<RemoteProcessor> rprocs) {
    for (RemoteProcessor rproc : rprocs) {
      int ghosts = rproc.ghosts().size();
      row.set(DEVICE, rproc.device()).set(NAME, rproc.name()).set(STATE, rproc.state());
      row.set(CRASHES, rproc.crashCount());
      row.set(RECOVERY, rproc.isRecoveryEnabled() ? "enabled" : "disabled");
      if (rproc.dumpMode().isPresent()) {
        row.set(MODE, rproc.dumpMode().get());
      }
      row.set(SEGMENTS, rproc.segments().size());
      row.set(VDEVS, rproc.virtioDevices().size() - ghosts).set(GHOSTS, ghosts);
      row.set(COREDUMPS, rproc.coredumps().size()).set(ADDRESS, rproc.address()).end();
    }
  }

  private static String ghost(RemoteProcessor rproc, VirtioDevice ghost) {
    String line =
        "ghost: " + ghost.name() + " of " + rproc.device() + " at " + Hex.of(ghost.address());
    line += ", off the bus and still held, by " + references(ghost.references()) + "; ";
    for (VirtioDevice other : rproc.virtioDevices()) {
      if (other.isRegistered() && other.name().equals(ghost.name())) {
        return line + rproc.device() + " has made a new " + other.name();
      }
    }
    return line + rproc.device() + " is " + rproc.state();
  }

  private static String references(long count) {
    return count == 1 ? "1 reference" : count + " references";
  }

  private String coredump(RemoteProcessor rproc, PendingCoredump coredump) {
    String line = "coredump: " + coredump.name() + " of " + rproc.device();
    line += " at " + Hex.of(coredump.address()) + ", " + HumanSize.bytes(rproc.sizeOf(coredump));
    line +=
        switch (coredump.form()) {
          case COPIED -> ", not released yet";
          case INLINE -> ", inline: recovery waits for its reader";
          case OTHER -> ", read by a function that isn't known";
        };
    Optional<Extraction.Written> written = extraction.of(coredump);
    return written.isPresent() ? line + ", written to " + written.get().file() : line;
  }
}
