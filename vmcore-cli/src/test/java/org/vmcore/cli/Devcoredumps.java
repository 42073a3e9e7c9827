package org.vmcore.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders like {@code /sys/class/devcoredump}. */
final class Devcoredumps {
  private Devcoredumps() {}

  /** Adds the dump {@code devcdN} of {@code device} to {@code root}; gives its file. */
  static Path add(Path root, int n, String device, byte[] data) throws IOException {
    Path folder = Files.createDirectories(root.resolve("devcd" + n));
    Path link = folder.resolve("failing_device");
    if (!Files.isSymbolicLink(link)) {
      Files.createSymbolicLink(link, Path.of("../../devices/" + device));
    }
    return Files.write(folder.resolve("data"), data);
  }
}
