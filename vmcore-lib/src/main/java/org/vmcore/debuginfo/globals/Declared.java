package org.vmcore.debuginfo.globals;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type as the table of globals declares it: {@code const char * const [12][]}, or a structure
 * without a tag, {@code struct { u32 first; struct list_head rest; }}.
 *
 * @param base without qualifiers; empty of a structure without a tag
 * @param parts of such a structure
 * @param layers around the base, from it outward
 * @param dimensions of an array: a number, the name of an enumerator, or nothing
 */
record Declared(String base, List<Part> parts, List<Layer> layers, List<String> dimensions) {
  /** A member of a structure without a tag. */
  record Part(String type, String name) {}

  private static final Pattern NAMELESS = Pattern.compile("struct \\{(.*)}");
  private static final Pattern TOKEN = Pattern.compile("\\[(\\w*)]|\\*|\\w+");

  static Declared parse(String text) {
    Matcher nameless = NAMELESS.matcher(text);
    if (nameless.matches()) {
      return new Declared("", parts(nameless.group(1)), List.of(), List.of());
    }
    List<String> words = new ArrayList<>();
    List<Layer> layers = new ArrayList<>();
    List<String> dimensions = new ArrayList<>();
    for (Matcher token = TOKEN.matcher(text); token.find(); ) {
      switch (token.group()) {
        case "*" -> layers.add(Layer.POINTER);
        case "const" -> layers.add(Layer.CONST);
        case "volatile" -> layers.add(Layer.VOLATILE);
        default -> {
          String dimension = token.group(1);
          if (dimension == null) {
            words.add(token.group());
          } else {
            dimensions.add(dimension);
          }
        }
      }
    }
    return new Declared(String.join(" ", words), List.of(), layers, dimensions);
  }

  private static List<Part> parts(String text) {
    List<Part> parts = new ArrayList<>();
    for (String part : text.strip().split("\\s*;\\s*", -1)) {
      int space = part.lastIndexOf(' ');
      if (space > 0) {
        parts.add(new Part(part.substring(0, space), part.substring(space + 1)));
      }
    }
    return parts;
  }
}
