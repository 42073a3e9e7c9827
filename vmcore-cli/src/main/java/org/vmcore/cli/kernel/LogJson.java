package org.vmcore.cli.kernel;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.vmcore.cli.output.Json;
import org.vmcore.kernel.LogRecord;

/** Writes records of the kernel's log as JSON objects. */
final class LogJson implements Consumer<LogRecord> {
  private final Json json;

  LogJson(Json json) {
    this.json = json;
  }

  @Override
  public void accept(LogRecord entry) {
    json.object();
    if (entry.seq().isPresent()) {
      json.unsigned("seq", entry.seq().getAsLong());
    }
    json.text("ts_nsec", Long.toUnsignedString(entry.nanoseconds()));
    json.number("level", entry.level()).number("facility", entry.facility());
    if (entry.isContinuation()) {
      json.bool("continuation", true);
    }
    if (entry.caller().isPresent()) {
      json.text("caller", entry.caller().get());
    }
    if (entry.isTextLost()) {
      json.bool("text_lost", true);
    }
    json.text("text", new String(entry.text(), StandardCharsets.UTF_8)).end();
  }
}
