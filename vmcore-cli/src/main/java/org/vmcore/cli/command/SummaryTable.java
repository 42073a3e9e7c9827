package org.vmcore.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.several.Outcome;

/**
 * The table of several dumps. Its columns are as wide as the first rows need, which are held back,
 * on a terminal for a moment; what is wider later stands out.
 */
final class SummaryTable {
  private static final int FEW = 16;
  private static final int MOST_HELD = 256;
  private static final long SECOND = 1_000_000_000L;

  private final Console console;
  private final OutputOptions output;
  private final Summary summary;
  private final Table table;
  private final List<Outcome<Summary.Facts>> held = new ArrayList<>();
  private final long start = System.nanoTime();
  private boolean hasBegun;

  /** The table of dumps of which the longest name is {@code widest} long. */
  SummaryTable(Console console, OutputOptions output, Summary summary, int widest) {
    this.console = console;
    this.output = output;
    this.summary = summary;
    this.table = new Table(console.out(), summary.columns());
    hasBegun = !table.wide(summary.file(), widest).measures();
    if (hasBegun) {
      output.begin(table);
    }
  }

  /** Adds the row of the next dump. */
  void add(Outcome<Summary.Facts> outcome) {
    if (!hasBegun) {
      held.add(outcome);
    }
    set(table, outcome);
    if (hasBegun || isEnough(System.nanoTime() - start)) {
      write();
    }
  }

  private boolean isEnough(long elapsed) {
    int rows = held.size();
    boolean isWaited = console.isOutTerminal(); // a file has time
    return rows == MOST_HELD
        || (isWaited && (elapsed > 3 * SECOND || (rows >= FEW && elapsed > SECOND)));
  }

  /** Writes what is held back. */
  void write() {
    if (!hasBegun) {
      table.measured();
      output.begin(table);
      hasBegun = true;
      held.forEach(each -> set(table, each));
      held.clear();
    }
    console.out().flush();
  }

  private void set(Row row, Outcome<Summary.Facts> outcome) {
    row.set(summary.file(), outcome.file().name());
    if (outcome.value().isPresent()) {
      outcome.value().get().set(row);
    } else {
      row.set(summary.remark(), "error: " + outcome.reason());
    }
    row.end();
  }
}
