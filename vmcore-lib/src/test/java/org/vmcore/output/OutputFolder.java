package org.vmcore.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.memory.VmcoreException;

/** A folder in which outputs are written. */
abstract class OutputFolder {
  static final OutputFile.Options NEW = new OutputFile.Options(false, true);
  static final OutputFile.Options FORCE = new OutputFile.Options(true, false);

  @TempDir Path dir;

  static void write(Path target, OutputFile.Options options, String text) throws VmcoreException {
    try (OutputFile out = OutputFile.create(target, options)) {
      out.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
      out.commit();
    }
  }

  static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  static boolean isZero(byte[] bytes, int at, int size) {
    return Arrays.equals(bytes, at, at + size, new byte[size], 0, size);
  }
}
