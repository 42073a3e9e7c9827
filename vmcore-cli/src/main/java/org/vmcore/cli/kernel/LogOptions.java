package org.vmcore.cli.kernel;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.cli.option.Opt;
import org.vmcore.kernel.log.LogRecord;
import org.vmcore.kernel.oops.CrashLines;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** Which records of the log are printed, and how their time is. */
final class LogOptions {
  private static final int MICROS = 6; // digits
  private static final String UNTIMED = "the log's messages have no times";

  private final Opt<Levels> levels =
      Opt.of(
              Levels.class,
              new Levels.Converter(),
              "LEVELS",
              "Only these: emerg, alert, crit, err, warn, notice, info, debug; several with commas"
                  + " between, err+ for that and more severe ones, +err for that and less severe ones.",
              "--level")
          .offering(Levels.NAMES);
  private final Opt<Since> since =
      Opt.of(
          Since.class,
          new Since.Converter(),
          "TIME",
          "Only messages from then on: 12.5, seconds since the boot as the log has them; -10s, so"
              + " long before the last message (also m, h, d); or a date, 2026-11-28T19:10:04Z.",
          "--since");
  private final Opt<Integer> tail =
      Opt.of(Integer.class, new Count(), "N", "Only the last N of those.", "--tail");
  private final Opt<Boolean> followPanic =
      Opt.flag(
          "Only from the first sign of the crash on: the first line of its report (Oops, BUG,"
              + " lockup, panic), or of another one less than a minute before.",
          "--follow-panic");
  private final Opt<Boolean> humanTime =
      Opt.flag(
          "The time of day, in UTC, in place of seconds since the boot. Where it is estimated a"
              + " line on stderr tells.",
          "-T",
          "--ctime");

  void addTo(CommandSpec spec) {
    levels.addTo(spec);
    since.addTo(spec);
    tail.addTo(spec);
    followPanic.addTo(spec);
    humanTime.addTo(spec);
  }

  /** Whether the time of day is wanted. */
  boolean isHumanTime() {
    return humanTime.isGiven();
  }

  /** Whether it matters what the log's stamps are by the calendar. */
  boolean needsClock() {
    boolean isByDate = since.isGiven() && since.value().orElseThrow().from() == Since.From.EPOCH;
    return isByDate || humanTime.isGiven();
  }

  /** Whether the log has to be gone over once, before it is told which records are wanted. */
  boolean needsSurvey() {
    boolean isByEnd = since.isGiven() && since.value().orElseThrow().from() != Since.From.BOOT;
    return isByEnd || followPanic.isGiven() || humanTime.isGiven();
  }

  /** Why nothing is printed of a log that has records, which went through {@code selection}. */
  String nothing(LogSelection selection) {
    OptionalLong last = selection.last();
    if (since.isGiven() && last.isEmpty()) {
      return UNTIMED;
    }
    if (since.isGiven() && !selection.isLate()) {
      BigDecimal seconds = BigDecimal.valueOf(last.getAsLong() / 1000, MICROS);
      return "no message that late: the last is at " + seconds.toPlainString() + " s";
    }
    boolean isByTime = since.isGiven() || followPanic.isGiven();
    return "no record of these levels" + (isByTime ? " from then on" : "");
  }

  /** What must be known of a log, to choose among its records. */
  static final class Survey implements Consumer<LogRecord> {
    private final CrashLines lines = new CrashLines();
    private OptionalLong last = OptionalLong.empty();

    @Override
    public void accept(LogRecord entry) {
      if (entry.isTimed()) {
        last = OptionalLong.of(entry.nanoseconds());
      }
      lines.record(
          entry.nanoseconds(),
          entry.facility(),
          entry.isContinuation(),
          entry.caller(),
          entry.text());
    }

    /** The last stamp, in nanoseconds. */
    OptionalLong last() {
      return last;
    }

    /** The stamp of the crash; the last one where the log tells of none. */
    OptionalLong crashed() {
      OptionalLong crashed = lines.report().nanoseconds();
      return crashed.isPresent() ? crashed : last;
    }
  }

  /**
   * The records that are wanted.
   *
   * @param clock of the log, where it matters
   * @param survey of the log, where one is needed
   * @throws VmcoreException when the log tells of no crash, or of no times, and they are needed
   */
  LogSelection.Wanted wanted(Optional<LogClock> clock, String file, Survey survey)
      throws VmcoreException {
    LogSelection.Wanted wanted =
        LogSelection.Wanted.of(levels.or(Levels.ALL)).last(tail.or(Integer.MAX_VALUE));
    if (followPanic.isGiven()) {
      OptionalLong beginning = survey.lines.report().beginning();
      if (beginning.isEmpty()) {
        throw VmcoreException.of(file, "the log tells of no crash");
      }
      wanted = wanted.from(beginning.getAsLong());
    }
    return since.isGiven()
        ? wanted.since(stamp(since.value().orElseThrow(), clock, file, survey))
        : wanted;
  }

  /** The log's own stamp of a time. */
  private static long stamp(Since since, Optional<LogClock> clock, String file, Survey survey)
      throws VmcoreException {
    return switch (since.from()) {
      case BOOT -> since.nanoseconds();
      case END -> {
        if (survey.last().isEmpty()) {
          throw VmcoreException.of(file, UNTIMED);
        }
        yield survey.last().getAsLong() - since.nanoseconds();
      }
      case EPOCH -> since.nanoseconds() - clock.orElseThrow().start();
    };
  }

  /** A number of records, at least one. */
  private static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      long number = value.matches("[0-9]{1,10}") ? Long.parseLong(value) : 0;
      if (number == 0 || number > Integer.MAX_VALUE) {
        throw new TypeConversionException(
            "'" + value + "' is no number of messages: 1 to " + Integer.MAX_VALUE);
      }
      return (int) number;
    }
  }
}
