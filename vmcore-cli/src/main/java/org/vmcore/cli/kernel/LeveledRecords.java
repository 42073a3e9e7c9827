package org.vmcore.cli.kernel;

import java.util.function.Consumer;
import org.vmcore.kernel.log.LogRecord;

/** Passes on those records of the kernel's log that have one of some levels, and counts. */
final class LeveledRecords implements Consumer<LogRecord> {
  private final Levels levels;
  private final Consumer<LogRecord> out;
  private long count;
  private long shown;

  LeveledRecords(Levels levels, Consumer<LogRecord> out) {
    this.levels = levels;
    this.out = out;
  }

  /** How many there were, whatever their level. */
  long count() {
    return count;
  }

  /** How many were passed on. */
  long shown() {
    return shown;
  }

  @Override
  public void accept(LogRecord entry) {
    count++;
    if (levels.areAll() || (entry.isLeveled() && levels.contains(entry.level()))) {
      shown++;
      out.accept(entry);
    }
  }
}
