package org.vmcore.cli.convert;

import java.util.List;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.FindingFields;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.TextOut;
import org.vmcore.convert.ConversionOptions;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.level.PageTally;
import org.vmcore.memory.Finding;

/** What is told of a conversion, one that was done or one that would be. */
abstract sealed class Outcome permits WrittenOutcome, DryOutcome {
  private static final int LABEL = 10; // characters

  private final ConversionOptions options;
  private final long pageSize;

  Outcome(ConversionOptions options, long pageSize) {
    this.options = options;
    this.pageSize = pageSize;
  }

  abstract long pages();

  abstract PageTally leftOut();

  abstract long excludedBefore();

  abstract long lost();

  abstract List<Finding> findings();

  /** The files. */
  abstract void outputs(Json json);

  /** What only one of the two has; it ends what it begins. */
  abstract void more(Json json);

  /** Writes it for people. */
  abstract void text(TextOut out);

  /** Fills {@code json}, and ends it. */
  final void json(Json json) {
    json.put(ConvertFields.FORMAT, options.format().label());
    json.put(ConvertFields.COMPRESSION, options.compression().label());
    json.put(ConvertFields.DUMP_LEVEL, options.level().value());
    json.put(ConvertFields.DRY_RUN, this instanceof DryOutcome);
    outputs(json);
    json.put(ConvertFields.PAGE_SIZE, pageSize);
    json.put(ConvertFields.PAGES, pages());
    kinds(json.rows(ConvertFields.LEFT_OUT));
    json.end();
    json.put(ConvertFields.EXCLUDED, excludedBefore());
    json.put(ConvertFields.LOST, lost());
    more(json);
    Row row = json.rows(ConvertFields.FINDINGS);
    for (Finding finding : findings()) {
      row.set(ConvertFields.CHECK, finding.check());
      row.set(ConvertFields.SEVERITY, FindingFields.severity(finding));
      row.set(ConvertFields.MESSAGE, finding.message()).end();
    }
    json.finish();
  }

  final void kinds(Row row) {
    for (PageKind kind : PageKind.values()) {
      long pages = leftOut().of(kind);
      if (pages > 0) {
        row.set(ConvertFields.NAME, kind.label());
        row.set(ConvertFields.KIND_PAGES, pages);
        row.set(ConvertFields.KIND_SIZE, pages * pageSize).end();
      }
    }
  }

  /** Says what is to be said of it, what is lost for one. */
  final void end(Ending ending) {
    findings().forEach(finding -> ending.gap("", finding));
  }

  final ConversionOptions options() {
    return options;
  }

  final long pageSize() {
    return pageSize;
  }

  /** A line of pages behind a label. */
  final void line(TextOut out, String label, long pages) {
    label(out, label).count(pages, "page").text(", ").line(HumanSize.of(pages * pageSize));
  }

  static TextOut label(TextOut out, String label) {
    return out.text(label).text(":").spaces(LABEL - label.length());
  }
}
