package org.vmcore.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplesTest {
  private static final Path FOLDER = Path.of("dumps");

  static Iterable<String> names() {
    return Samples.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("names")
  void shippedSampleIsWhatTheGeneratorMakes(String name) throws IOException {
    assertThat(Files.readAllBytes(FOLDER.resolve(name))).isEqualTo(Samples.all().get(name).build());
  }
}
