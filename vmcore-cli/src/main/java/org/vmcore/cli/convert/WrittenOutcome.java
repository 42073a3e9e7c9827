package org.vmcore.cli.convert;

import java.nio.file.Path;
import java.util.List;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Row;
import org.vmcore.cli.output.TextOut;
import org.vmcore.convert.ConversionOptions;
import org.vmcore.convert.Converted;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.level.PageTally;
import org.vmcore.memory.Finding;

/** What was written. */
final class WrittenOutcome extends Outcome {
  private final Converted converted;
  private final List<Path> files;

  WrittenOutcome(ConversionOptions options, Converted converted, List<Path> files) {
    super(options, converted.pageSize());
    this.converted = converted;
    this.files = files;
  }

  @Override
  long pages() {
    return converted.written();
  }

  @Override
  PageTally leftOut() {
    return converted.leftOut();
  }

  @Override
  long excludedBefore() {
    return converted.excludedBefore();
  }

  @Override
  long lost() {
    return converted.lost();
  }

  @Override
  List<Finding> findings() {
    return converted.findings();
  }

  @Override
  void outputs(Json json) {
    Row row = json.rows(ConvertFields.OUTPUTS);
    for (int i = 0; i < files.size(); i++) {
      row.set(ConvertFields.FILE, files.get(i).toString());
      row.set(ConvertFields.FILE_SIZE, converted.bytes().get(i)).end();
    }
    json.end();
  }

  @Override
  void more(Json json) {}

  @Override
  void text(TextOut out) {
    for (int i = 0; i < files.size(); i++) {
      label(out, "output").text(files.get(i).toString()).text(", ");
      out.line(HumanSize.of(converted.bytes().get(i)));
    }
    label(out, "format").text(options().format().label()).text(", ");
    out.line(options().compression().label());
    line(out, "written", pages());
    if (leftOut().total() > 0) {
      leftOut(out);
    }
    if (excludedBefore() > 0) {
      line(out, "excluded", excludedBefore());
    }
    if (lost() > 0) {
      line(out, "lost", lost());
    }
  }

  /** {@code left out: 300 pages, 1.1 MiB: 200 free, 100 cache}. */
  private void leftOut(TextOut out) {
    long total = leftOut().total();
    label(out, "left out").count(total, "page").text(", ").text(HumanSize.of(total * pageSize()));
    String separator = ": ";
    for (PageKind kind : PageKind.values()) {
      if (leftOut().of(kind) > 0) {
        out.text(separator).decimal(leftOut().of(kind)).put(' ');
        out.text(kind.label().replace('_', ' '));
        separator = ", ";
      }
    }
    out.line();
  }
}
