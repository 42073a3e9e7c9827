package org.vmcore.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.Vmcore;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageKind;
import org.vmcore.elf.ElfClass;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.DeviceCoreBytes;

class DryRunTest {
  @TempDir Path folder;

  private static DryRun dryRun(Vmcore source, ConversionOptions.Builder how) throws IOException {
    return Conversion.of(source, how.build()).dryRun();
  }

  /** Sizes are exact where nothing is compressed. */
  @ParameterizedTest
  @EnumSource
  void theSizesAreThoseOfTheFiles(OutputFormat format) throws IOException {
    for (Sources each : Sources.values()) {
      if (each == Sources.DAMAGED) {
        continue; // what is lost in it shows only when it is read
      }
      try (Vmcore source = each.open(folder)) {
        for (DryRun.Level level :
            dryRun(source, ConversionTest.as(format, PageCompression.NONE)).levels()) {
          Path out = folder.resolve("out");
          ConversionOptions options =
              ConversionTest.as(format, PageCompression.NONE)
                  .level(level.level())
                  .force(true)
                  .build();
          Converted converted = Conversion.of(source, options).write(List.of(out));
          assertThat(level.size()).as("%s, %s", each, level).isEqualTo(Files.size(out));
          assertThat(level.pages()).as("%s, %s", each, level).isEqualTo(converted.written());
        }
      }
    }
  }

  @Test
  void pagesAreCountedByKind() throws IOException {
    try (Vmcore source = Sources.ELF64.open(folder)) {
      DryRun run =
          dryRun(
              source,
              ConversionTest.as(OutputFormat.KDUMP, PageCompression.ZLIB).level(new DumpLevel(1)));

      assertThat(run.pageSize()).isEqualTo(4096);
      assertThat(run.leftOut().of(PageKind.ZERO)).isEqualTo(5);
      assertThat(run.excludedBefore()).isEqualTo(7);
      assertThat(run.pages()).isEqualTo(source.memorySize() / 4096 + 1);
      assertThat(run.levels()).extracting(each -> each.level().value()).containsExactly(0, 1);
    }
  }

  @Test
  void aCompressedSizeIsAnEstimate() throws IOException {
    try (Vmcore source = Sources.KDUMP.open(folder)) {
      Path out = folder.resolve("out");
      ConversionOptions.Builder how = ConversionTest.as(OutputFormat.KDUMP, PageCompression.ZLIB);
      Converted converted = Conversion.of(source, how.build()).write(List.of(out));

      assertThat((double) dryRun(source, how).levels().getFirst().size())
          .isBetween(converted.bytes().getFirst() * 0.9, converted.bytes().getFirst() * 1.1);
    }
  }

  @Test
  void theMemoryOfADeviceIsElfAlone() throws IOException {
    Path file =
        DeviceCoreBytes.segments(ElfClass.ELF32, ByteOrder.LITTLE_ENDIAN)
            .add("a", 0x1000, new byte[] {1, 2})
            .writeTo(folder.resolve("source"));
    Path out = folder.resolve("out");
    try (Vmcore source = Vmcore.open(file)) {
      assertThat(source.isDeviceMemory()).isTrue();
      assertThatThrownBy(
              () -> dryRun(source, ConversionTest.as(OutputFormat.ELF, PageCompression.NONE)))
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("the memory of a device");
      assertThatThrownBy(
              () ->
                  Conversion.of(
                          source,
                          ConversionTest.as(OutputFormat.KDUMP, PageCompression.NONE).build())
                      .write(List.of(out)))
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("the memory of a device");
      Conversion.of(source, ConversionTest.as(OutputFormat.ELF, PageCompression.NONE).build())
          .write(List.of(out));
      try (Vmcore written = Vmcore.open(out)) {
        assertThat(written.isDeviceMemory()).isTrue();
        SameMemory.assertSame(written, source);
      }
    }
  }
}
