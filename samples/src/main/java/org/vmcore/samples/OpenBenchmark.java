package org.vmcore.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.vmcore.Vmcore;

/** Opening a sparse 4 TiB dump, and finding the chunk behind an offset, by number of segments. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx64m"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class OpenBenchmark {
  private static final long SIZE = 4L << 40;

  /** The number of PT_LOADs, each beginning and ending inside of a page. */
  @Param({"1", "1000", "100000"})
  public int segments;

  private Path path;
  private Vmcore vmcore;
  private long next;

  /** Makes the dump. */
  @Setup
  public void make() throws IOException {
    path = BenchDumps.sparse(Files.createTempFile("vmcore", ".elf"), SIZE, segments);
    vmcore = Vmcore.open(path);
  }

  /** Deletes it. */
  @TearDown
  public void delete() throws IOException {
    vmcore.close();
    Files.delete(path);
  }

  /** Opens and closes. */
  @Benchmark
  public long open() throws IOException {
    try (Vmcore opened = Vmcore.open(path)) {
      return opened.size();
    }
  }

  /** Asks what lies at an offset that is far from the one before. */
  @Benchmark
  public long find() throws IOException {
    next = (next + vmcore.size() / 7 * 3 + 4096) % vmcore.size();
    return vmcore.extentAt(next).size();
  }
}
