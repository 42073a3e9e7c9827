package org.vmcore.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;

/** Writes the Markdown table of what a command declares. */
final class FieldTable {
  /** What every document has, and COMMANDS.md says once. */
  private static final List<String> COMMON = List.of("schema", "command", "dump", "error");

  private final StringBuilder out = new StringBuilder();

  private FieldTable() {}

  static String of(Fields fields) {
    FieldTable table = new FieldTable();
    table.out.append("| JSON | text | what | meaning |\n|---|---|---|---|\n");
    table.rows("", fields);
    return table.out.toString();
  }

  /** {@code text} with each table between its markers made anew. */
  static String inserted(String text) {
    String all = text;
    for (var each : Contract.commands().entrySet()) {
      String begin = "<!-- fields:" + each.getKey() + " -->\n";
      int start = all.indexOf(begin);
      int end = start < 0 ? -1 : all.indexOf("<!-- /fields -->", start);
      if (end < 0) {
        throw new IllegalStateException(
            "COMMANDS.md has no " + begin.strip() + " <!-- /fields -->");
      }
      all = all.substring(0, start) + begin + of(each.getValue()) + all.substring(end);
    }
    return all;
  }

  private void rows(String prefix, Fields fields) {
    for (Field field : fields.all()) {
      if (prefix.isEmpty() && COMMON.contains(field.name())) {
        continue;
      }
      row(prefix, field);
      rows(prefix + field.name() + (isList(field) ? "[]." : "."), field.members());
    }
    if (!fields.others().isEmpty()) {
      out.append("| `").append(prefix).append("…` | | text or number; may be absent | ");
      out.append(fields.others()).append(" |\n");
    }
  }

  private static boolean isList(Field field) {
    return switch (field.kind()) {
      case RECORDS, TEXTS -> true;
      default -> false;
    };
  }

  private void row(String prefix, Field field) {
    String name =
        field.isTextOnly() ? "" : "`" + prefix + field.name() + (isList(field) ? "[]" : "") + "`";
    out.append("| ").append(name).append(" | ").append(field.title());
    out.append(" | ").append(what(field)).append(" | ").append(field.meaning().replace("|", "\\|"));
    out.append(" |\n");
  }

  private static String what(Field field) {
    String kind =
        field.values().isEmpty()
            ? field.kind().label()
            : field.values().stream()
                .map(each -> "`" + each + "`")
                .collect(Collectors.joining(", "));
    return field.isOptional() ? kind + "; may be absent" : kind;
  }
}
