package org.vmcore.cli.command;

import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Row;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** What {@code vmcore verify} tells of several dumps, a row for each. */
final class VerifyTable implements Summary {
  private static final Fields COLUMNS = new Fields();
  private static final Field FILE = COLUMNS.column("FILE", "The file.");
  private static final Field RESULT = COLUMNS.column("RESULT", "ok or damaged.").wide(7);
  private static final Field ERRORS =
      COLUMNS.count("ERRORS", "How many errors.").titled("ERRORS").wide(6);
  private static final Field WARNINGS =
      COLUMNS.count("WARNINGS", "How many warnings.").titled("WARNINGS").wide(8);
  private static final Field WORST = COLUMNS.column("WORST", "The first of the worst.").wide(5);

  private final Checks checks;

  /** Checks a dump. */
  interface Checks {
    List<Finding> of(Vmcore vmcore) throws VmcoreException;
  }

  VerifyTable(Checks checks) {
    this.checks = checks;
  }

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
    return WORST;
  }

  @Override
  public Facts of(Vmcore vmcore, Ending ending) throws VmcoreException {
    List<Finding> findings = checks.of(vmcore);
    int errors = 0;
    int warnings = 0;
    String worst = "-";
    for (Finding each : findings) {
      boolean isError = each.severity() == Finding.Severity.ERROR;
      boolean isWarning = each.severity() == Finding.Severity.WARNING;
      if ((isError && errors == 0) || (isWarning && errors + warnings == 0)) {
        worst = each.check() + ": " + each.message();
      }
      errors += isError ? 1 : 0;
      warnings += isWarning ? 1 : 0;
    }
    if (errors > 0) {
      ending.damaged();
    }
    return new Counts(errors, warnings, worst);
  }

  /** What was found of one dump. */
  private record Counts(int errors, int warnings, String worst) implements Facts {
    @Override
    public void set(Row row) {
      row.set(RESULT, errors == 0 ? "ok" : "damaged").set(ERRORS, errors);
      row.set(WARNINGS, warnings).set(WORST, worst);
    }
  }
}
