package org.vmcore.mapping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.host.Host;

/** Files that are mapped into a reservation, and whether they are mapped or open. */
abstract class ReservedFiles {
  static final long PAGE = Host.calls().pageSize();

  @TempDir Path dir;

  SharedFile file(String name, long pages) throws IOException {
    byte[] bytes = new byte[(int) (pages * PAGE)];
    new Random(name.hashCode()).nextBytes(bytes);
    return shared(Files.write(dir.resolve(name), bytes));
  }

  static SharedFile shared(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return new SharedFile(path, Objects.requireNonNull(key));
  }

  boolean isOpen() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.anyMatch(fd -> target(fd).startsWith(dir.toString()));
    }
  }

  static String target(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
