package org.vmcore.cli.convert;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.Table;
import org.vmcore.cli.output.TextOut;
import org.vmcore.convert.ConversionOptions;
import org.vmcore.convert.DryRun;
import org.vmcore.convert.PageCompression;
import org.vmcore.convert.level.PageTally;
import org.vmcore.memory.Finding;

/** What would be written. */
final class DryOutcome extends Outcome {
  /** The levels that people use; JSON has all. */
  private static final Set<Integer> COMMON = Set.of(0, 1, 2, 4, 8, 16, 31);

  private final DryRun dryRun;

  DryOutcome(ConversionOptions options, DryRun dryRun) {
    super(options, dryRun.pageSize());
    this.dryRun = dryRun;
  }

  @Override
  long pages() {
    for (DryRun.Level each : dryRun.levels()) {
      if (each.level().equals(options().level())) {
        return each.pages();
      }
    }
    throw new IllegalStateException("a dry run without its own level");
  }

  @Override
  PageTally leftOut() {
    return dryRun.leftOut();
  }

  @Override
  long excludedBefore() {
    return dryRun.excludedBefore();
  }

  @Override
  long lost() {
    return dryRun.lost();
  }

  @Override
  List<Finding> findings() {
    return dryRun.findings();
  }

  @Override
  void outputs(Json json) {
    json.array(ConvertFields.OUTPUTS).end();
  }

  @Override
  void more(Json json) {
    levels(json.rows(ConvertFields.LEVELS), _ -> true);
    json.end();
  }

  private void levels(Row row, Predicate<Integer> wanted) {
    for (DryRun.Level each : dryRun.levels()) {
      if (wanted.test(each.level().value())) {
        row.set(ConvertFields.NUMBER, each.level().value());
        row.set(ConvertFields.LEVEL_PAGES, each.pages());
        row.set(ConvertFields.MEMORY, each.pages() * pageSize());
        row.set(ConvertFields.SIZE, each.size()).end();
      }
    }
  }

  @Override
  void text(TextOut out) {
    line(out, "pages", dryRun.pages());
    line(out, "excluded", excludedBefore());
    line(out, "lost", lost());
    label(out, "level").decimal(options().level().value()).text(": ").count(pages(), "page");
    out.text(" would be written, ").line(HumanSize.of(pages() * pageSize()));
    if (leftOut().total() > 0) {
      out.line();
      table(out, ConvertFields.KIND, this::kinds);
    }
    out.line();
    int chosen = options().level().value();
    table(
        out,
        ConvertFields.LEVEL,
        row -> levels(row, level -> COMMON.contains(level) || level == chosen));
    if (options().compression() != PageCompression.NONE) {
      out.text("SIZE is an estimate, of ").text(options().format().label()).text(" by ");
      out.text(options().compression().label()).line();
    }
  }

  /** Sets the fields of each record. */
  private interface Records {
    void set(Row row);
  }

  private static void table(TextOut out, Fields fields, Records records) {
    Table table = new Table(out, fields);
    if (table.measures()) {
      records.set(table);
      table.measured();
    }
    table.header();
    records.set(table);
  }
}
