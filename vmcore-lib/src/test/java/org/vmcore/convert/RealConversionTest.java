package org.vmcore.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.testing.RealDumps;

/** A real dump, converted: makedumpfile's files, to the byte (FORMATS.md, 145). */
class RealConversionTest {
  private static final ConversionOptions OPTIONS =
      ConversionTest.as(OutputFormat.KDUMP, PageCompression.NONE)
          .level(new DumpLevel(DumpLevel.MOST))
          .build();

  @TempDir Path folder;

  private static Path makedumpfiles(String name) {
    return RealDumps.file("x86-61-s/mdf/" + name);
  }

  private static void convert(List<Path> outputs) throws IOException {
    try (Vmcore source = Vmcore.open(RealDumps.file("x86-61-s/vmcore.elf"))) {
      Conversion.of(source, OPTIONS).write(outputs);
    }
  }

  @Test
  void aDumpWithoutCompressionIsMakedumpfiles() throws IOException {
    Path expected = makedumpfiles("kd-raw-d31");
    Path out = folder.resolve("out");
    convert(List.of(out));
    assertThat(out).hasSameBinaryContentAs(expected);
  }
}
