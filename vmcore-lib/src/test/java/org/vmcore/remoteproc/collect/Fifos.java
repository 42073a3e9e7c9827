package org.vmcore.remoteproc.collect;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder like that of sysfs whose dumps are FIFOs. */
record Fifos(Path root) {
  /** Makes {@code devcdN/data}, of device {@code remoteprocN}. */
  Path add(int n) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(root.resolve("devcd" + n));
    Path device = Path.of("../../platform/remoteproc/remoteproc" + n);
    Files.createSymbolicLink(folder.resolve("failing_device"), device);
    Path data = folder.resolve("data");
    assertThat(new ProcessBuilder("mkfifo", data.toString()).start().waitFor()).isZero();
    return data;
  }

  /** What writes into a FIFO. */
  @FunctionalInterface
  interface Writer {
    void write(OutputStream out) throws IOException, InterruptedException;
  }

  /** Writes to {@code data} in a thread of its own. */
  static Thread feed(Path data, Writer writer) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try (OutputStream out = Files.newOutputStream(data)) {
                writer.write(out);
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }

  /** The byte that releases a dump, waited for. */
  static int released(Path data) throws IOException {
    try (InputStream in = Files.newInputStream(data)) {
      return in.read();
    }
  }
}
