package org.vmcore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Packed;

class MayBeDumpTest {
  @TempDir Path folder;

  static Stream<Path> samples() throws IOException {
    Path folder = Path.of(System.getProperty("vmcore.root", "..")).resolve("samples/dumps");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().matches(".*[.](vmcore|kdump|lime)"))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void whatCanBeOpenedMayBe(Path sample) throws IOException {
    assertThat(Vmcore.mayBeDump(sample)).isTrue();
    assertThat(mayBe(Packed.gzip(Files.readAllBytes(sample)))).isTrue();
  }

  private boolean mayBe(byte[] bytes) throws IOException {
    return Vmcore.mayBeDump(Files.write(folder.resolve("file"), bytes));
  }

  private static byte[] elf(int type) {
    byte[] bytes = DumpBuilder.elf64().load(0x1000, 0x1000).build();
    bytes[16] = (byte) type;
    return bytes;
  }

  @Test
  void onlyCoreFilesOfElfMayBe() throws IOException {
    assertThat(mayBe(elf(4))).isTrue();
    assertThat(mayBe(elf(1))).isFalse();
    assertThat(mayBe(elf(2))).isFalse();
    assertThat(mayBe(elf(3))).isFalse();
    assertThat(mayBe(Packed.gzip(elf(2)))).isFalse();
    assertThat(mayBe(Arrays.copyOf(elf(2), 8))).isTrue(); // nobody knows
  }

  @Test
  void textIsNone() throws IOException {
    byte[] text = "[    0.000000] Linux version".getBytes(StandardCharsets.UTF_8);
    assertThat(mayBe(text)).isFalse();
    assertThat(mayBe(Packed.gzip(text))).isFalse();
    assertThat(mayBe(new byte[0])).isFalse();
    assertThat(mayBe(new byte[1 << 16])).isFalse();
  }

  @Test
  void aDamagedEnvelopeIsNone() throws IOException {
    byte[] packed = Packed.gzip(elf(4));
    assertThat(mayBe(Arrays.copyOf(packed, 12))).isFalse();
  }

  @Test
  void whatCantBeReadIsAnError() {
    Path none = folder.resolve("none");
    assertThatThrownBy(() -> Vmcore.mayBeDump(none)).isInstanceOf(VmcoreException.class);
    assertThatThrownBy(() -> Vmcore.mayBeDump(folder))
        .hasMessage(folder + ": a directory, not a dump");
  }
}
