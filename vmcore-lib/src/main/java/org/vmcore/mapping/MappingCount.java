package org.vmcore.mapping;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** How many mappings the system allows this process, and how many it has (proc(5)). */
final class MappingCount {
  /** What the JVM itself may still ask for: thread stacks, heap regions, code. */
  private static final int KEPT_FREE = 1024;

  private static final Path LIMIT = Path.of("/proc/sys/vm/max_map_count");
  private static final Path MAPS = Path.of("/proc/self/maps");

  private MappingCount() {}

  /** Refuses {@code wanted} more mappings by name, if the system would. */
  static void require(long wanted) throws NotMappable {
    OptionalLong limit = limit();
    OptionalLong used = used();
    if (limit.isPresent()
        && used.isPresent()
        && wanted > limit.getAsLong() - used.getAsLong() - KEPT_FREE) {
      throw new NotMappable(
          wanted + " mappings are needed; " + limitText() + ", " + used.getAsLong() + " in use");
    }
  }

  static String limitText() {
    OptionalLong limit = limit();
    return limit.isEmpty()
        ? "the system limits mappings (vm.max_map_count)"
        : "the system allows " + limit.getAsLong() + " mappings (vm.max_map_count)";
  }

  private static OptionalLong limit() {
    byte[] text = new byte[32];
    try (InputStream file = Files.newInputStream(LIMIT)) {
      // In one read: after a shorter one sysctl files are at their end (readString sees 1 digit).
      int n = Math.max(file.read(text), 0);
      return OptionalLong.of(Long.parseLong(new String(text, 0, n, US_ASCII).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** A line each in /proc/self/maps. */
  private static OptionalLong used() {
    byte[] buffer = new byte[1 << 16];
    long lines = 0;
    try (InputStream maps = Files.newInputStream(MAPS)) {
      for (int n = maps.read(buffer); n > 0; n = maps.read(buffer)) {
        for (int i = 0; i < n; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
      return OptionalLong.of(lines);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
