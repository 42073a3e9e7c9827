package org.vmcore.kernel.exports;

/**
 * Entries of one form that follow each other, those of {@code __ksymtab} and the tables beside it.
 * Names ascend in each table; where one ends and the next begins they don't.
 */
final class ExportRun {
  /** With those of GPL-only symbols and the kinds that kernels had before 5.12. */
  private static final int MAX_TABLES = 5;

  /** How many entries tell a table from what happens to look like an entry. */
  private static final int SURE = 8;

  private final ExportBytes in;
  private final ExportForm form;
  private int tables = 1;
  private int first;
  private int end;

  private ExportRun(ExportBytes in, ExportForm form, int first, int end) {
    this.in = in;
    this.form = form;
    this.first = first;
    this.end = end;
  }

  /** Before any is found. */
  static ExportRun none(ExportBytes in, ExportForm form) {
    return new ExportRun(in, form, 0, 0);
  }

  /** All that follow each other around {@code entry}, which is one. */
  static ExportRun around(ExportBytes in, ExportForm form, int entry) {
    ExportRun run = new ExportRun(in, form, entry, entry + form.size());
    int size = form.size();
    while (run.follows(run.end - size, run.end) || run.isTable(run.end)) {
      run.end += size;
    }
    while (run.follows(run.first - size, run.first) || run.isTable(run.first - SURE * size)) {
      run.first -= size;
    }
    return run;
  }

  int count() {
    return (end - first) / form.size();
  }

  int entry(int index) {
    return first + index * form.size();
  }

  /** Where the last one ends. */
  int end() {
    return end;
  }

  private boolean isEntry(int at) {
    return at >= 0 && at + form.size() <= in.size() && nameLength(at) > 0;
  }

  private int nameLength(int at) {
    int name = form.name(in, at);
    return name < 0 ? 0 : in.nameLength(name);
  }

  /** Whether there are two entries of one table. */
  private boolean follows(int first, int second) {
    return isEntry(first)
        && isEntry(second)
        && in.ascends(form.name(in, first), form.name(in, second));
  }

  /** Whether another table is there: entries in order, so many that it is no chance. */
  private boolean isTable(int at) {
    if (tables == MAX_TABLES) {
      return false;
    }
    for (int i = 1; i < SURE; i++) {
      if (!follows(at + (i - 1) * form.size(), at + i * form.size())) {
        return false;
      }
    }
    tables++;
    return true;
  }
}
