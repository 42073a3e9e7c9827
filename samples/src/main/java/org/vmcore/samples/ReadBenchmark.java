package org.vmcore.samples;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.vmcore.Vmcore;
import org.vmcore.memory.Mapping;

/**
 * The image against the bare file: read in 4 KiB pieces, and scanned as mapped memory. An operation
 * is one pass over a dump in the page cache.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {
  private static final long SIZE = 256L << 20;
  private static final int PIECE = 4096;

  private final Arena arena = Arena.ofShared();
  private Path path;
  private Vmcore vmcore;
  private Mapping image;
  private MemorySegment file;
  private MemorySegment piece;

  /** Makes the dump and brings it into the page cache. */
  @Setup
  public void open() throws IOException {
    path = BenchDumps.filled(Files.createTempFile("vmcore", ".elf"), SIZE);
    vmcore = Vmcore.open(path);
    image = vmcore.map(0, vmcore.size());
    try (FileChannel channel = FileChannel.open(path)) {
      file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
    piece = arena.allocate(PIECE, PIECE);
    file.load();
  }

  /** Closes and deletes it. */
  @TearDown
  public void close() throws IOException {
    image.close();
    vmcore.close();
    arena.close();
    Files.delete(path);
  }

  /** Copies the mapped file in pieces. */
  @Benchmark
  public long copyFile() {
    long sum = 0;
    for (long at = 0; at < file.byteSize(); at += PIECE) {
      MemorySegment.copy(file, at, piece, 0, PIECE);
      sum += piece.get(ValueLayout.JAVA_LONG, 0);
    }
    return sum;
  }

  /** Reads the image in pieces. */
  @Benchmark
  public long readImage() throws IOException {
    long sum = 0;
    for (long at = 0; at < vmcore.size(); at += PIECE) {
      vmcore.read(at, piece);
      sum += piece.get(ValueLayout.JAVA_LONG, 0);
    }
    return sum;
  }

  /** Adds up the mapped file. */
  @Benchmark
  public long scanFile() {
    return scan(file);
  }

  /** Adds up the mapped image. */
  @Benchmark
  public long scanImage() {
    return scan(image.bytes());
  }

  private static long scan(MemorySegment bytes) {
    long sum = 0;
    for (long at = 0; at < bytes.byteSize(); at += Long.BYTES) {
      sum += bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }
    return sum;
  }
}
