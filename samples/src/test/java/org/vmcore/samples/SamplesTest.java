package org.vmcore.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.Vmcore;
import org.vmcore.convert.Conversion;
import org.vmcore.convert.ConversionOptions;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.level.PageTally;

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

  static Iterable<String> packed() {
    return PackedSamples.all().keySet();
  }

  /** Another release of zlib or zstd may pack the same bytes in other ones. */
  @ParameterizedTest
  @MethodSource("packed")
  void shippedPackedSampleHoldsTheSameMemory(String name) throws IOException {
    if (name.equals("iomem")) {
      assertThat(FOLDER.resolve(name)).hasBinaryContent(PackedSamples.all().get(name));
      return;
    }
    try (Vmcore vmcore = Vmcore.open(FOLDER.resolve(name))) {
      for (int i = 0; i < PackedSamples.COUNT; i++) {
        byte[] page = new byte[4096];
        long address = (PackedSamples.FIRST + i) * page.length;
        assertThat(vmcore.physical().read(address, MemorySegment.ofArray(page))).isEqualTo(4096);
        assertThat(page).as("page %d", i).isEqualTo(PackedSamples.page(i));
      }
    }
  }

  @Test
  void shippedStructPagesTellWhatPagesAreFor() throws IOException {
    ConversionOptions options = ConversionOptions.builder().level(new DumpLevel(31)).build();
    try (Vmcore vmcore = Vmcore.open(FOLDER.resolve(StructPagesSample.NAME))) {
      PageTally leftOut = Conversion.of(vmcore, options).dryRun().leftOut();

      assertThat(leftOut.of(PageKind.FREE)).isEqualTo(2048);
      assertThat(leftOut.of(PageKind.CACHE)).isEqualTo(500);
      assertThat(leftOut.of(PageKind.PRIVATE_CACHE)).isEqualTo(100);
      assertThat(leftOut.of(PageKind.USER)).isEqualTo(300);
      assertThat(leftOut.of(PageKind.OFFLINE)).isEqualTo(8);
    }
  }
}
