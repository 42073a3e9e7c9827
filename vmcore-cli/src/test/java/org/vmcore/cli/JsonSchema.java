package org.vmcore.cli;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Kind;

/** Writes JSON Schema (draft 2020-12) from what a command declares. */
final class JsonSchema {
  private static final String HEX = "^0x(0|[1-9a-f][0-9a-f]{0,15})$";

  private final StringBuilder out = new StringBuilder();
  private final String command;

  private JsonSchema(String command) {
    this.command = command;
  }

  static String of(String command, Fields fields) {
    JsonSchema schema = new JsonSchema(command);
    schema.out.append("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n");
    schema.out.append("  \"title\": ").append(quoted("vmcore " + command + " --json"));
    schema.out.append(",\n");
    schema.document(fields);
    return schema.out.append("\n}\n").toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private StringBuilder line(int depth, String text) {
    return out.append("  ".repeat(depth)).append(text);
  }

  /** A document has all that it must have, or says why not. */
  private void document(Fields fields) {
    line(1, "\"type\": \"object\",\n");
    line(1, "\"additionalProperties\": false,\n");
    line(1, "\"required\": [\"schema\", \"command\"],\n");
    line(1, "\"anyOf\": [\n");
    line(2, "{" + required(fields) + "},\n");
    line(2, "{\"required\": [\"error\"]}\n");
    line(1, "],\n");
    properties(fields, 1);
  }

  /** An object's keywords, without braces. */
  private void object(Fields fields, int depth) {
    line(depth, "\"type\": \"object\",\n");
    line(depth, "\"additionalProperties\": " + others(fields) + ",\n");
    line(depth, required(fields) + ",\n");
    properties(fields, depth);
  }

  private static String others(Fields fields) {
    return fields.others().isEmpty()
        ? "false"
        : "{\"description\": " + quoted(fields.others()) + ", \"type\": [\"string\", \"number\"]}";
  }

  private static String required(Fields fields) {
    List<String> names = new ArrayList<>();
    for (Field field : fields.all()) {
      if (!field.isTextOnly() && !field.isOptional()) {
        names.add(quoted(field.name()));
      }
    }
    return "\"required\": [" + String.join(", ", names) + "]";
  }

  private void properties(Fields fields, int depth) {
    List<Field> all = fields.all().stream().filter(each -> !each.isTextOnly()).toList();
    line(depth, "\"properties\": {\n");
    for (Field field : all) {
      line(depth + 1, quoted(field.name()) + ": {\n");
      line(depth + 2, "\"description\": " + quoted(field.meaning()) + ",\n");
      value(field, depth + 2);
      out.append('\n');
      line(depth + 1, field == all.getLast() ? "}\n" : "},\n");
    }
    line(depth, "}");
  }

  private void value(Field field, int depth) {
    switch (field.kind()) {
      case OBJECT -> object(field.members(), depth);
      case RECORDS -> {
        line(depth, "\"type\": \"array\",\n");
        line(depth, "\"items\": {\n");
        object(field.members(), depth + 1);
        out.append('\n');
        line(depth, "}");
      }
      case TEXTS -> line(depth, "\"type\": \"array\",\n" + indented(depth, items("items", TEXT)));
      case NAMED_TEXTS -> named(depth, TEXT);
      case NAMED_BITS -> named(depth, pattern(HEX));
      default -> line(depth, scalar(field));
    }
  }

  private static final String TEXT = "\"type\": \"string\"";

  private void named(int depth, String value) {
    line(depth, "\"type\": \"object\",\n" + indented(depth, items("additionalProperties", value)));
  }

  private static String indented(int depth, String text) {
    return "  ".repeat(depth) + text;
  }

  private static String items(String keyword, String value) {
    return quoted(keyword) + ": {" + value + "}";
  }

  private static String pattern(String pattern) {
    return TEXT + ", \"pattern\": " + quoted(pattern);
  }

  private String scalar(Field field) {
    if (field.name().equals("schema")) {
      return "\"const\": 1";
    }
    if (field.name().equals("command")) {
      return "\"const\": " + quoted(command);
    }
    if (field.kind().isHex()) {
      return pattern(HEX);
    }
    return switch (field.kind()) {
      case COUNT, INDEX, PFN -> "\"type\": \"integer\", \"minimum\": 0";
      case SEQUENCE -> "\"type\": \"integer\", \"minimum\": 0, \"maximum\": 18446744073709551615";
      case SECONDS -> pattern("^-?(0|[1-9][0-9]{0,18})$");
      case NANOSECONDS -> pattern("^(0|[1-9][0-9]{0,19})$");
      case FLAG -> "\"type\": \"boolean\"";
      case NUMBER -> "\"type\": \"integer\"";
      default -> text(field);
    };
  }

  private static String text(Field field) {
    if (field.kind() != Kind.TEXT) {
      throw new IllegalStateException(field.kind() + " has no schema");
    }
    List<String> values = field.values().stream().map(JsonSchema::quoted).toList();
    return values.isEmpty() ? TEXT : "\"enum\": [" + String.join(", ", values) + "]";
  }
}
