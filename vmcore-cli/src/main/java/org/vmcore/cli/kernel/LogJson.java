package org.vmcore.cli.kernel;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
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

  static final Fields FIELDS = Fields.ofDump();
  private static final Field RECORDS =
      FIELDS.records("records", RECORD, "The records, the oldest first.");

  private final Row row;

  LogJson(Json json) {
    row = json.rows(RECORDS);
  }

  @Override
  public void accept(LogRecord entry) {
    if (entry.seq().isPresent()) {
      row.set(SEQ, entry.seq().getAsLong());
    }
    if (entry.isTimed()) {
      row.set(TS_NSEC, entry.nanoseconds());
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
