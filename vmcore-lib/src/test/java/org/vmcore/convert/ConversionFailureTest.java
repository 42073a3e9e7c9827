package org.vmcore.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vmcore.Vmcore;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.output.OutputFile;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.LossyMemory;

/** What goes wrong in the middle of a conversion. */
class ConversionFailureTest {
  private static final int SIZE = 64 << 20;

  @TempDir Path folder;

  private Path out() {
    return folder.resolve("out");
  }

  private static ConversionOptions.Builder as(OutputFormat format) {
    return ConversionTest.as(format, PageCompression.NONE);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Memory of eight pages, of which two turn out to be lost when they are read. */
  private static Vmcore lossy() throws VmcoreException {
    ProgramHeader load = new ProgramHeader(ProgramHeader.PT_LOAD, 7, 0, 0, 0, 0x8000, 0x8000, 0);
    return Vmcore.of(
        "lossy",
        CrashHeaders.of(62, List.of(load)),
        LossyMemory.of(0x8000, 0x2000, 0x5000),
        OpenOptions.DEFAULT);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsFoundLostOnReadingIsLostInTheOutput(OutputFormat format) throws IOException {
    try (Vmcore source = lossy()) {
      assertThat(source.pageCounts().lost()).isZero();
      Converted converted = Conversion.of(source, as(format).build()).write(List.of(out()));

      assertThat(converted.lost()).isEqualTo(2);
      assertThat(converted.written()).isEqualTo(6);
    }
    try (Vmcore written = Vmcore.open(out())) {
      assertThat(written.pageCounts().lost()).isEqualTo(2);
      assertThat(SameMemory.page(written, 3)).isEqualTo(DumpBuilder.pattern(0x3000, 0x1000));
    }
  }

  /** To a pipe it can't be written twice. */
  @Test
  void whatIsFoundLostIsFoundBeforeAPipeIsWritten() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    ProcessBuilder reader = new ProcessBuilder("cat", pipe.toString());
    Process cat = reader.redirectOutput(out().toFile()).start();
    try (Vmcore source = lossy()) {
      Conversion.of(source, as(OutputFormat.ELF).build()).write(List.of(pipe));
    }
    assertThat(cat.waitFor()).isZero();
    try (Vmcore written = Vmcore.open(out())) {
      assertThat(written.pageCounts().lost()).isEqualTo(2);
      assertThat(written.pageCounts().present()).isEqualTo(6);
    }
  }

  /** Nothing of it can be taken back from a pipe. */
  @Test
  void aFileThatShrinksWhileItGoesToAPipe() throws Exception {
    Path file = DumpBuilder.elf64().prstatus(1, 0).sparse(0, SIZE).writeTo(source());
    write(file, SIZE);
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Process cat = new ProcessBuilder("cat", pipe.toString()).redirectOutput(out().toFile()).start();
    try (Vmcore source = Vmcore.open(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      LongConsumer shrink =
          _ -> {
            try {
              channel.truncate(SIZE / 2);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          };
      Converted converted =
          Conversion.of(source, as(OutputFormat.ELF).progress(shrink).build()).write(List.of(pipe));

      assertThat(converted.lost()).isPositive();
      assertThat(converted.findings().getLast())
          .returns(Finding.Severity.ERROR, Finding::severity)
          .returns("lost_on_the_way", Finding::check);
      assertThat(cat.waitFor()).isZero();
      assertThat(converted.bytes()).containsExactly(Files.size(out()));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReadOnlyFolderIsToldOf(OutputFormat format) throws IOException {
    Path there = folder.resolve("nowhere/out");
    try (Vmcore source = lossy()) {
      assertThatThrownBy(() -> Conversion.of(source, as(format).build()).write(List.of(there)))
          .isInstanceOf(VmcoreException.class)
          .hasMessageContaining("is not a directory that exists");
    }
    assertThat(names()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aDumpThatIsClosedMeanwhileLeavesNothing(OutputFormat format) throws IOException {
    Path file = DumpBuilder.elf64().prstatus(1, 0).sparse(0, SIZE).writeTo(source());
    write(file, 1);
    Vmcore source = Vmcore.open(file);
    ConversionOptions options = as(format).jobs(2).progress(_ -> source.close()).build();
    assertThatThrownBy(() -> Conversion.of(source, options).write(List.of(out())))
        .isInstanceOf(VmcoreException.class)
        .hasMessageEndingWith("the dump is closed");
    assertThat(names()).containsExactly("source");
  }

  @ParameterizedTest
  @EnumSource
  void anAbandonedOutputIsntCommitted(OutputFormat format) throws IOException {
    try (Vmcore source = Sources.KDUMP.open(folder)) {
      ConversionOptions options = as(format).progress(_ -> OutputFile.abandonAll()).build();
      assertThatThrownBy(() -> Conversion.of(source, options).write(List.of(out())))
          .isInstanceOf(VmcoreException.class)
          .hasMessageEndingWith("it was abandoned");
    }
    assertThat(names()).containsExactly("source");
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptLeavesNothing(OutputFormat format) throws IOException {
    try (Vmcore source = lossy()) {
      for (int jobs : new int[] {1, 2}) {
        Thread.currentThread().interrupt();
        ConversionOptions options = as(format).jobs(jobs).build();
        assertThatThrownBy(() -> Conversion.of(source, options).write(List.of(out())))
            .isInstanceOf(VmcoreException.class)
            .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
      }
    }
    assertThat(names()).isEmpty();
  }

  /** The pages behind the new end are lost, and nothing else happens. */
  @ParameterizedTest
  @EnumSource
  void aFileThatShrinksLosesPages(OutputFormat format) throws IOException {
    Path file = DumpBuilder.elf64().prstatus(1, 0).sparse(0, SIZE).writeTo(source());
    write(file, SIZE / 2);
    try (Vmcore source = Vmcore.open(file);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(SIZE / 2);
      Converted converted = Conversion.of(source, as(format).build()).write(List.of(out()));

      assertThat(converted.lost()).isPositive();
      assertThat(converted.written() + converted.lost()).isEqualTo(SIZE >> 12);
      try (Vmcore written = Vmcore.open(out())) {
        assertThat(written.pageCounts().lost()).isEqualTo(converted.lost());
      }
    }
  }

  private Path source() {
    return folder.resolve("source");
  }

  /** A byte in each of the first pages. */
  private static void write(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long at = 0; at < size; at += 1 << 16) {
        channel.write(ByteBuffer.wrap(new byte[] {1}), (1 << 16) + at);
      }
    }
  }
}
