package org.vmcore.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vmcore.testing.DumpBuilder.pattern;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.io.ByteSource;
import org.vmcore.io.ByteSourceContract;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;
import org.vmcore.testing.Packed;

/** A packed file, and the directory that it is unpacked to. */
abstract class PackedFile {
  static final byte[] BYTES = pattern(0, 5000);

  @TempDir Path dir;
  Path spillDir = Path.of("");
  final List<Finding> findings = new ArrayList<>();

  @BeforeEach
  void makeSpillDir() throws IOException {
    spillDir = Files.createDirectory(dir.resolve("spill"));
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    try (Stream<Path> left = Files.list(spillDir)) {
      assertThat(left).isEmpty();
    }
  }

  Spill spill(long limit) {
    return new Spill(Optional.of(spillDir), limit, new Spill.Listener() {});
  }

  ByteSource open(byte[] file, Spill spill) throws IOException {
    Path path = Files.write(dir.resolve("packed"), file);
    return Envelopes.open(ByteSource.open(path), spill, findings);
  }

  ByteSource open(byte[]... parts) throws IOException {
    return open(Packed.join(parts), spill(Spill.LIMIT));
  }

  void assertRefused(byte[] file, Spill spill, String message) {
    assertThatThrownBy(() -> open(file, spill))
        .isInstanceOf(VmcoreException.class)
        .hasMessage(dir.resolve("packed") + ": " + message);
  }

  static byte[] all(ByteSource source) throws IOException {
    return ByteSourceContract.read(source, 0, (int) source.size());
  }

  List<String> told() {
    return findings.stream()
        .map(each -> each.severity() + " " + each.offset().orElse(-1) + " " + each.message())
        .toList();
  }
}
