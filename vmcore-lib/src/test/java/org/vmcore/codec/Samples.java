package org.vmcore.codec;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Blocks that the reference libraries compressed; see NOTE.md beside them. */
final class Samples {
  static final List<String> NAMES =
      List.of("byte", "zeros", "random", "repeats", "far", "text", "page");

  private Samples() {}

  /** What was compressed. */
  static byte[] raw(String name) throws IOException {
    return bytes(name + ".raw");
  }

  /** Sample {@code name} as {@code codec}, a file's extension, has it. */
  static byte[] compressed(String name, String codec) throws IOException {
    return bytes(name + "." + codec);
  }

  /** Every sample as {@code codecs} have it. */
  static List<byte[]> all(List<String> codecs) throws IOException {
    List<byte[]> all = new ArrayList<>();
    for (String name : NAMES) {
      for (String codec : codecs) {
        all.add(compressed(name, codec));
      }
    }
    return all;
  }

  private static byte[] bytes(String file) throws IOException {
    try (InputStream in = Samples.class.getResourceAsStream(file)) {
      return Objects.requireNonNull(in, file).readAllBytes();
    }
  }
}
