package org.vmcore.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict parser of JSON (RFC 8259), for checking what is printed. Numbers become {@code Long}.
 */
final class JsonText {
  private final String text;
  private int at;

  private JsonText(String text) {
    this.text = text;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String text) {
    JsonText json = new JsonText(text);
    Object value = json.value();
    json.space();
    if (json.at != text.length()) {
      throw json.error("more behind the end");
    }
    return (Map<String, Object>) value;
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> objects(Map<String, Object> object, String name) {
    return (List<Map<String, Object>>) object.get(name);
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> member(Map<String, Object> object, String name) {
    return (Map<String, Object>) object.get(name);
  }

  private Object value() {
    space();
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> members();
      case '[' -> elements();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      default -> number();
    };
  }

  private Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    at++;
    for (boolean more = !ended('}'); more; more = !ended('}', ',')) {
      space();
      String name = string();
      space();
      expect(':');
      if (members.put(name, value()) != null) {
        throw error("twice: " + name);
      }
    }
    return members;
  }

  private List<Object> elements() {
    List<Object> elements = new ArrayList<>();
    at++;
    for (boolean more = !ended(']'); more; more = !ended(']', ',')) {
      elements.add(value());
    }
    return elements;
  }

  private boolean ended(char end) {
    space();
    if (text.charAt(at) == end) {
      at++;
      return true;
    }
    return false;
  }

  private boolean ended(char end, char separator) {
    if (ended(end)) {
      return true;
    }
    expect(separator);
    return false;
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c < 0x20) {
        throw error("a bare control character");
      }
      string.append(c == '\\' ? escaped() : c);
    }
    at++;
    return string.toString();
  }

  private char escaped() {
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'u' -> {
        at += 4;
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> throw error("escape " + c);
    };
  }

  private Object number() {
    int start = at;
    while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String digits = text.substring(start, at);
    if (!digits.matches("-?(0|[1-9]\\d*)")) {
      throw error("number " + digits);
    }
    return Long.valueOf(digits);
  }

  private Object word(String word, boolean value) {
    if (!text.startsWith(word, at)) {
      throw error("word");
    }
    at += word.length();
    return value;
  }

  private void space() {
    while (at < text.length() && " \n\r\t".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private void expect(char c) {
    if (text.charAt(at) != c) {
      throw error(c + " expected");
    }
    at++;
  }

  private IllegalArgumentException error(String what) {
    return new IllegalArgumentException(what + " at " + at + " of " + text);
  }
}
