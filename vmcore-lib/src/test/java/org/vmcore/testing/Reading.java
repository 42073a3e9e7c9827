package org.vmcore.testing;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/** Reads for tests. */
public final class Reading {
  /** How many threads read at once. */
  public static final int THREADS = 8;

  private Reading() {}

  /** The bytes that one read of {@code size} bytes at {@code address} gives; fewer when short. */
  public static byte[] bytes(Memory memory, long address, long size) throws VmcoreException {
    byte[] bytes = new byte[Math.toIntExact(size)];
    long got = memory.read(address, MemorySegment.ofArray(bytes));
    return got == size ? bytes : Arrays.copyOf(bytes, (int) got);
  }

  /**
   * Runs {@code task} in {@link #THREADS} threads that start at once; what one throws is thrown.
   */
  public static void inThreads(Callable<?> task) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      Callable<Object> each =
          () -> {
            start.await();
            return task.call();
          };
      for (Future<Object> done :
          threads.invokeAll(IntStream.range(0, THREADS).mapToObj(_ -> each).toList())) {
        done.get();
      }
    }
  }

  /** Whether files here are mapped as they are on Linux. */
  public static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux");
  }

  /** The value of {@code VmRSS}, the resident memory of this process, in bytes. */
  public static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    throw new IOException("no VmRSS");
  }
}
