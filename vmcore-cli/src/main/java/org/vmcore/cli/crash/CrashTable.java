package org.vmcore.cli.crash;

import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Summary;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Row;
import org.vmcore.kernel.crash.Crash;
import org.vmcore.kernel.crash.Guilty;
import org.vmcore.kernel.oops.CrashKind;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** What {@code vmcore crash} tells of several dumps, a row for each. */
record CrashTable(KernelOptions kernel) implements Summary {
  private static final Fields COLUMNS = new Fields();
  private static final Field FILE = COLUMNS.column("FILE", "The file.");
  private static final Field FINGERPRINT =
      COLUMNS.column("FINGERPRINT", "Equal for crashes of the same cause.");
  private static final Field KIND = COLUMNS.column("KIND", "What kind of crash it is.");
  private static final Field GUILTY = COLUMNS.column("GUILTY", "Who is at fault.");
  private static final Field PLACE = COLUMNS.column("AT", "Where it happened.");
  private static final Field PANIC = COLUMNS.column("PANIC", "The line that tells of it.").wide(5);

  @Override
  public Fields columns() {
    return COLUMNS;
  }

  @Override
  public Field file() {
    return FILE;
  }

  @Override
  public Field remark() {
    return PANIC;
  }

  @Override
  public Facts of(Vmcore vmcore, Ending ending) throws VmcoreException {
    Crash crash = of(vmcore, kernel, ending);
    if (crash.kind() == CrashKind.NONE) {
      ending.failed();
    }
    return Line.of(crash);
  }

  /** The crash of {@code vmcore}; what couldn't be had of it gives the exit status. */
  static Crash of(Vmcore vmcore, KernelOptions kernel, Ending ending) throws VmcoreException {
    Crash crash = kernel.kernel(vmcore).crash();
    for (Finding gap : crash.gaps()) {
      ending.gap("", gap);
    }
    return crash;
  }

  /** One row: what is kept of a crash until it is printed. */
  private record Line(String fingerprint, String kind, String guilty, String place, String panic)
      implements Facts {
    static Line of(Crash crash) {
      boolean isCrash = crash.kind() != CrashKind.NONE;
      return new Line(
          isCrash ? crash.fingerprint().value() : "-",
          crash.kind().text(),
          crash.guilty().map(Line::who).orElse("-"),
          crash.ip().flatMap(ip -> ip.place()).map(Object::toString).orElse("-"),
          crash
              .panic()
              .or(() -> CrashText.event(crash))
              .orElse(isCrash ? "-" : "the log tells of no crash"));
    }

    private static String who(Guilty guilty) {
      String task = guilty.task().map(Object::toString).orElse("no task");
      return guilty.cpu().isPresent() ? task + ", CPU " + guilty.cpu().getAsInt() : task;
    }

    @Override
    public void set(Row row) {
      row.set(FINGERPRINT, fingerprint).set(KIND, kind).set(GUILTY, guilty);
      row.set(PLACE, place).set(PANIC, panic);
    }
  }
}
