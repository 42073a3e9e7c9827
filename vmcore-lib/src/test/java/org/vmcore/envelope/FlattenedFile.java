package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.io.ByteSource;
import org.vmcore.io.ByteSourceContract;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;

/** A flattened file that is made and opened. */
abstract class FlattenedFile {
  @TempDir Path dir;
  final List<Finding> findings = new ArrayList<>();

  ByteSource open(byte[] file) throws IOException {
    return Envelopes.open(
        ByteSource.open(Files.write(dir.resolve("flat"), file)), Spill.DEFAULT, findings);
  }

  static byte[] all(ByteSource source) throws IOException {
    return ByteSourceContract.read(source, 0, (int) source.size());
  }

  void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(VmcoreException.class)
        .hasMessage(dir.resolve("flat") + ": " + message);
  }
}
