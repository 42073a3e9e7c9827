package org.vmcore.cli.command;

import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.TextOut;
import org.vmcore.memory.Finding;

/** The findings of checks, as lines and as a list in JSON. */
public final class FindingFields {
  private static final Fields FINDING = new Fields();
  private static final Field CHECK = FINDING.text("check", "What was checked.");
  private static final Field SEVERITY =
      FINDING
          .text("severity", "How bad it is; an error is damage.")
          .oneOf("info", "warning", "error");
  private static final Field OFFSET = FINDING.offset("offset", "Where, in the file.").optional();
  private static final Field MESSAGE = FINDING.text("message", "What was found.");

  private FindingFields() {}

  /** Declares the list in {@code fields}. */
  public static Field addTo(Fields fields) {
    return fields.records("findings", FINDING, "What the checks found.");
  }

  /** Writes {@code findings} as records of that list. */
  public static void put(Row row, Iterable<Finding> findings) {
    for (Finding finding : findings) {
      row.set(CHECK, finding.check()).set(SEVERITY, severity(finding));
      if (finding.offset().isPresent()) {
        row.set(OFFSET, finding.offset().getAsLong());
      }
      row.set(MESSAGE, finding.message()).end();
    }
  }

  /** A line on {@code finding}. */
  public static void line(TextOut out, Finding finding) {
    out.text(severity(finding)).put(' ').text(finding.check()).text(": ");
    if (finding.offset().isPresent()) {
      out.text("offset ").hex(finding.offset().getAsLong()).text(": ");
    }
    out.line(finding.message());
  }

  /** How bad it is, in lower case. */
  public static String severity(Finding finding) {
    return switch (finding.severity()) {
      case INFO -> "info";
      case WARNING -> "warning";
      case ERROR -> "error";
    };
  }
}
