package org.vmcore.cli.output;

import java.util.Map;
import org.vmcore.values.Printable;

/**
 * Writes one JSON document as it comes: nothing of it is kept. A 64-bit quantity is a string, since
 * a JSON number may lose its low bits.
 */
public final class Json {
  private static final int SCHEMA = 1;

  private final TextOut out;
  private final boolean pretty;

  /** What closes the objects and arrays that are open. */
  private final StringBuilder open = new StringBuilder();

  private boolean first = true;

  private Json(TextOut out, boolean pretty) {
    this.out = out;
    this.pretty = pretty;
  }

  /** Starts the document of {@code command} on {@code dump}. */
  public static Json document(TextOut out, boolean pretty, String command, String dump) {
    return document(out, pretty, command).put("dump", dump);
  }

  /** The file that this document of several is about. */
  void file(String name) {
    put(Fields.FILE, name);
  }

  /** Starts the document of {@code command}, which isn't about one dump. */
  public static Json document(TextOut out, boolean pretty, String command) {
    Json json = new Json(out, pretty);
    json.out.put('{');
    json.open.append('}');
    json.name("schema");
    json.out.decimal(SCHEMA);
    return json.put("command", command);
  }

  /** A number or bits, as {@code field}'s kind has them. */
  public Json put(Field field, long value) {
    name(field.name());
    if (field.kind().isHex()) {
      hex(value);
    } else if (field.kind().isString()) {
      out.put('"');
      decimal(field, value);
      out.put('"');
    } else {
      decimal(field, value);
    }
    return this;
  }

  private void decimal(Field field, long value) {
    if (field.kind().isUnsigned()) {
      out.text(Long.toUnsignedString(value));
    } else {
      out.decimal(value);
    }
  }

  private void hex(long value) {
    out.put('"').hex(value).put('"');
  }

  public Json put(Field field, String value) {
    return put(field.name(), value);
  }

  public Json put(Field field, boolean value) {
    name(field.name());
    out.text(value ? "true" : "false");
    return this;
  }

  /** Strings in an array. */
  public Json put(Field field, Iterable<String> values) {
    array(field);
    for (String value : values) {
      separate();
      string(value);
    }
    return end();
  }

  /** An object of texts, or of bits, by their names. */
  public Json put(Field field, Map<?, ?> values) {
    object(field);
    for (Map.Entry<?, ?> each : values.entrySet()) {
      name(String.valueOf(each.getKey()));
      if (each.getValue() instanceof Long bits) {
        hex(bits);
      } else {
        string(String.valueOf(each.getValue()));
      }
    }
    return end();
  }

  private Json put(String name, String value) {
    name(name);
    string(value);
    return this;
  }

  /** An array of objects with the members of {@code field}; {@link #end} ends it. */
  public Row rows(Field field) {
    array(field);
    return new JsonRow(this, field.members());
  }

  /** An object in an object; {@link #end} ends it. */
  public Json object(Field field) {
    name(field.name());
    return start('{', '}');
  }

  /** An object in an array; {@link #end} ends it. */
  public Json object() {
    separate();
    return start('{', '}');
  }

  /** An array, of objects for one; {@link #end} ends it. */
  public Json array(Field field) {
    name(field.name());
    return start('[', ']');
  }

  private Json start(char opening, char closing) {
    out.put(opening);
    open.append(closing);
    first = true;
    return this;
  }

  /** Ends what was begun last. */
  public Json end() {
    char closing = open.charAt(open.length() - 1);
    open.setLength(open.length() - 1);
    if (!first) {
      indent();
    }
    out.put(closing);
    first = false;
    return this;
  }

  /** Ends the document early, and says why; one that has ended stays as it is. */
  void fail(Failure failure) {
    if (!open.isEmpty()) {
      while (open.length() > 1) {
        end();
      }
      failure.put(this);
      finish();
    }
  }

  /** Ends the document. */
  public void finish() {
    while (!open.isEmpty()) {
      end();
    }
    out.line();
  }

  private void name(String name) {
    separate();
    string(name);
    out.put(':');
    if (pretty) {
      out.put(' ');
    }
  }

  private void separate() {
    if (!first) {
      out.put(',');
    }
    first = false;
    indent();
  }

  private void indent() {
    if (pretty) {
      out.line().spaces(2 * open.length());
    }
  }

  private void string(String value) {
    out.put('"');
    int plain = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean isLone = Printable.isLone(value, i);
      if (c == '"' || c == '\\' || isControl(c) || isLone) {
        out.text(value.substring(plain, i)).put('\\');
        escape(isLone ? '\ufffd' : c);
        plain = i + 1;
      }
    }
    out.text(value.substring(plain)).put('"');
  }

  /** Control characters of ASCII, Latin-1 and Unicode's bidirectional text. */
  private static boolean isControl(char c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c < 0x2070) || c == 0x061c;
  }

  private void escape(char c) {
    switch (c) {
      case '"', '\\' -> out.put(c);
      case '\n' -> out.put('n');
      case '\t' -> out.put('t');
      default -> out.put('u').digits(c, 4);
    }
  }
}
