package org.vmcore.cli.kernel;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.vmcore.cli.output.CrashTime;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Kind;
import org.vmcore.cli.output.Row;
import org.vmcore.kernel.log.LogRecord;

/** Writes records of the kernel's log as JSON objects. */
final class LogJson implements Consumer<LogRecord> {
  private static final Fields RECORD = new Fields();
  private static final Field SEQ =
      RECORD
          .add("seq", Kind.SEQUENCE, "Its number; left out where the kernel has none.")
          .optional();
  private static final Field TS_NSEC =
      RECORD
          .add("ts_nsec", Kind.NANOSECONDS, "When it was written, since the kernel started.")
          .optional();
  private static final Field TIME =
      RECORD
          .text("time", "With -T: the same by the calendar, in UTC, 2026-11-28T19:10:04.582492Z.")
          .optional();
  private static final Field LEVEL =
      RECORD.number("level", "Its level, from 0 (emerg) to 7 (debug).").optional();
  private static final Field FACILITY =
      RECORD.number("facility", "Its facility, as syslog has it.").optional();
  private static final Field CONTINUATION =
      RECORD.flag("continuation", "true: it goes on where an earlier one ended.").optional();
  private static final Field CALLER =
      RECORD.text("caller", "Who wrote it: a task, T1, or a CPU, C0.").optional();
  private static final Field TEXT_LOST =
      RECORD.flag("text_lost", "true: its text can't be had.").optional();
  private static final Field TEXT = RECORD.text("text", "Its text, without a line's end.");

  static final Fields FIELDS = Fields.ofDumps();
  private static final Field BOOT_TIME =
      FIELDS
          .add(
              "boot_time_nsec",
              Kind.NANOSECONDS,
              "With -T: when the log's clock began, since 1970.")
          .optional();
  private static final Field ESTIMATED =
      FIELDS
          .flag("boot_time_estimated", "true: that is estimated; a line on stderr tells how.")
          .optional();
  private static final Field RECORDS =
      FIELDS.records("records", RECORD, "The records, the oldest first.");

  private final Row row;
  private final Optional<LogClock> clock;

  /**
   * Records in {@code json}.
   *
   * @param clock by which their time is told
   */
  LogJson(Json json, Optional<LogClock> clock) {
    this.clock = clock;
    if (clock.isPresent()) {
      json.put(BOOT_TIME, clock.get().start());
      if (clock.get().estimate().isPresent()) {
        json.put(ESTIMATED, true);
      }
    }
    row = json.rows(RECORDS);
  }

  @Override
  public void accept(LogRecord entry) {
    if (entry.seq().isPresent()) {
      row.set(SEQ, entry.seq().getAsLong());
    }
    if (entry.isTimed()) {
      row.set(TS_NSEC, entry.nanoseconds());
      if (clock.isPresent()) {
        row.set(TIME, CrashTime.micros(clock.get().time(entry.nanoseconds())));
      }
    }
    if (entry.isLeveled()) {
      row.set(LEVEL, entry.level()).set(FACILITY, entry.facility());
    }
    if (entry.isContinuation()) {
      row.set(CONTINUATION, true);
    }
    if (entry.caller().isPresent()) {
      row.set(CALLER, entry.caller().get());
    }
    if (entry.isTextLost()) {
      row.set(TEXT_LOST, true);
    }
    row.set(TEXT, new String(entry.text(), StandardCharsets.UTF_8)).end();
  }
}
