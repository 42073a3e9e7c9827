package org.vmcore.cli.output;

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
    return document(out, pretty, command).text("dump", dump);
  }

  /** Starts the document of {@code command}, which isn't about one dump. */
  public static Json document(TextOut out, boolean pretty, String command) {
    Json json = new Json(out, pretty);
    json.out.put('{');
    json.open.append('}');
    return json.number("schema", SCHEMA).text("command", command);
  }

  /** A string. */
  public Json text(String name, String value) {
    name(name);
    string(value);
    return this;
  }

  /** A count or an index. */
  public Json number(String name, long value) {
    name(name);
    out.decimal(value);
    return this;
  }

  /** An unsigned number. */
  public Json unsigned(String name, long value) {
    name(name);
    out.text(Long.toUnsignedString(value));
    return this;
  }

  /** An address, an offset or a size. */
  public Json hex(String name, long value) {
    name(name);
    out.put('"').hex(value).put('"');
    return this;
  }

  /** A time. */
  public Json decimal(String name, long value) {
    name(name);
    out.put('"').decimal(value).put('"');
    return this;
  }

  public Json bool(String name, boolean value) {
    name(name);
    out.text(value ? "true" : "false");
    return this;
  }

  /** A string in an array. */
  public Json element(String value) {
    separate();
    string(value);
    return this;
  }

  /** An object in an object; {@link #end} ends it. */
  public Json object(String name) {
    name(name);
    return start('{', '}');
  }

  /** An object in an array; {@link #end} ends it. */
  public Json object() {
    separate();
    return start('{', '}');
  }

  /** An array; {@link #end} ends it. */
  public Json array(String name) {
    name(name);
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
      if (c == '"' || c == '\\' || isControl(c)) {
        out.text(value.substring(plain, i)).put('\\');
        escape(c);
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
