package org.vmcore.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bytes that are written by hand, for what no tool here writes.
 *
 * <pre>{@code
 * @0x1000           # what follows begins here; up to it there are zeros
 * 7f 45 4c46        # bytes
 * "text"            # characters
 * 00*64 "ab"*3      # one thing over and over
 * }</pre>
 */
public final class Hex {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s+|#[^\n]*|@0x(?<at>[0-9a-f]+)"
              + "|(?:\"(?<text>[^\"\n]*)\"|(?<hex>(?:[0-9a-f]{2})+))(?:\\*(?<times>[0-9]+))?");

  private Hex() {}

  /** The bytes that {@code text} writes down. */
  public static byte[] bytes(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Matcher token = TOKEN.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!token.find(at) || token.start() != at) {
        throw new IllegalArgumentException("line " + line(text, at) + ": not understood");
      }
      at = token.end();
      if (token.group("at") != null) {
        fillTo(out, Integer.parseInt(token.group("at"), 16), line(text, at));
      } else if (token.group("text") != null) {
        repeat(out, token.group("text").getBytes(StandardCharsets.ISO_8859_1), token);
      } else if (token.group("hex") != null) {
        repeat(out, HexFormat.of().parseHex(token.group("hex")), token);
      }
    }
    return out.toByteArray();
  }

  /** The bytes that the file {@code name} in the package of {@code near} writes down. */
  public static byte[] resource(Class<?> near, String name) throws IOException {
    try (InputStream in = near.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      return bytes(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static void fillTo(ByteArrayOutputStream out, int offset, int line) {
    if (offset < out.size()) {
      throw new IllegalArgumentException(
          "line " + line + ": 0x" + Integer.toHexString(out.size()) + " bytes are in front of it");
    }
    out.writeBytes(new byte[offset - out.size()]);
  }

  private static void repeat(ByteArrayOutputStream out, byte[] bytes, Matcher token) {
    String times = token.group("times");
    for (int i = times == null ? 1 : Integer.parseInt(times); i > 0; i--) {
      out.writeBytes(bytes);
    }
  }

  private static int line(String text, int at) {
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }
}
