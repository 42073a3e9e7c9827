package org.vmcore.cli.kernel;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.kernel.log.LogRecord;

/**
 * Passes on those records of the kernel's log that are asked for, and counts. Where only the last
 * ones are, they are passed on at the end.
 */
final class LogSelection implements Consumer<LogRecord> {
  /** Which records are asked for. */
  record Wanted(Levels levels, long since, long beginning, int last) {
    /** Those of some levels. */
    static Wanted of(Levels levels) {
      return new Wanted(levels, Long.MIN_VALUE, 0, Integer.MAX_VALUE);
    }

    /** Of them those whose stamps are {@code from} or later. */
    Wanted since(long from) {
      return new Wanted(levels, from, beginning, last);
    }

    /** Of them those from number {@code record} on, the first being 0. */
    Wanted from(long record) {
      return new Wanted(levels, since, record, last);
    }

    /** Of them the last {@code count}. */
    Wanted last(int count) {
      return new Wanted(levels, since, beginning, count);
    }

    boolean areAll() {
      return levels.areAll()
          && since == Long.MIN_VALUE
          && beginning == 0
          && last == Integer.MAX_VALUE;
    }
  }

  private final Wanted wanted;
  private final Consumer<LogRecord> out;
  private final Deque<LogRecord> kept = new ArrayDeque<>();
  private OptionalLong last = OptionalLong.empty();
  private boolean isLate;
  private long count;
  private long shown;

  LogSelection(Wanted wanted, Consumer<LogRecord> out) {
    this.wanted = wanted;
    this.out = out;
    this.isLate = wanted.since() == Long.MIN_VALUE;
  }

  /** How many there were, wanted or not. */
  long count() {
    return count;
  }

  /** How many were passed on. */
  long shown() {
    return shown;
  }

  /** The last stamp, in nanoseconds. */
  OptionalLong last() {
    return last;
  }

  /** Whether the last one was late enough. */
  boolean isLate() {
    return isLate;
  }

  @Override
  public void accept(LogRecord entry) {
    long number = count++;
    if (entry.isTimed()) { // what has no time goes with what stands before it
      last = OptionalLong.of(entry.nanoseconds());
      isLate = entry.nanoseconds() >= wanted.since();
    }
    if (isLate && number >= wanted.beginning() && isOfLevels(entry)) {
      pass(entry);
    }
  }

  private boolean isOfLevels(LogRecord entry) {
    return wanted.levels().areAll()
        || (entry.isLeveled() && wanted.levels().contains(entry.level()));
  }

  private void pass(LogRecord entry) {
    if (wanted.last() == Integer.MAX_VALUE) {
      shown++;
      out.accept(entry);
      return;
    }
    kept.add(entry);
    if (kept.size() > wanted.last()) {
      kept.remove();
    }
  }

  /** All were told. */
  void finish() {
    shown += kept.size();
    kept.forEach(out);
    kept.clear();
  }
}
