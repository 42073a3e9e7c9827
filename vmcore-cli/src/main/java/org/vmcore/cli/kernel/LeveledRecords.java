package org.vmcore.cli.kernel;

import java.util.function.Consumer;
import org.vmcore.cli.option.Levels;
import org.vmcore.kernel.LogRecord;

/** Passes on those records of the kernel's log that have one of some levels, and counts. */
final class LeveledRecords {
  private final Levels levels;
  private long count;
  private long shown;

  LeveledRecords(Levels levels) {
    this.levels = levels;
  }

  /** How many there were, whatever their level. */
  long count() {
    return count;
  }

  /** How many were passed on. */
  long shown() {
    return shown;
  }

  /** Takes all records, and passes those on to {@code out}. */
  Consumer<LogRecord> to(Consumer<LogRecord> out) {
    return entry -> {
      count++;
      if (levels.contains(entry.level())) {
        shown++;
        out.accept(entry);
      }
    };
  }
}
