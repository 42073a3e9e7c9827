package org.vmcore.cli.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Runs command lines, each in a thread of its own that is given up when it doesn't end. */
final class Worker {
  private static final int MOST_OUTPUT = 64 << 20;
  private static final Duration MOST_CPU = Duration.ofSeconds(20);
  private static final Duration MOST_TIME = Duration.ofMinutes(10);
  private static final int STEP_MILLIS = 1000;
  private static final int HANGS = -1;
  private static final int THROWN = -2;

  private final Fuzzing.Program program;
  private int hanging;

  Worker(Fuzzing.Program program) {
    this.program = program;
  }

  /** How many threads were given up; they still take time from the others. */
  int hanging() {
    return hanging;
  }

  /** What a run gave: an exit status below 0 stands for none. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Result(int status, byte[] out, byte[] err, Duration took) {}

  private static long cpu(Thread thread) {
    return Math.max(0, ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId()));
  }

  /** Runs one command line. */
  Result run(List<String> line) throws InterruptedException {
    Sink out = new Sink();
    Sink err = new Sink();
    PrintStream stderr = new PrintStream(err, true, StandardCharsets.UTF_8);
    int[] status = {HANGS};
    long[] took = new long[1];
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .unstarted(
                () -> {
                  status[0] = status(out, stderr, line);
                  took[0] = cpu(Thread.currentThread());
                });
    long start = System.nanoTime();
    thread.start();
    thread.join(STEP_MILLIS);
    while (thread.isAlive() && mayGoOn(thread, start)) {
      thread.join(STEP_MILLIS);
    }
    if (thread.isAlive()) {
      hanging++;
      stderr.println("hangs at " + Arrays.toString(thread.getStackTrace()));
      thread.interrupt();
      return new Result(HANGS, out.bytes(), err.bytes(), MOST_CPU);
    }
    return new Result(status[0], out.bytes(), err.bytes(), Duration.ofNanos(took[0]));
  }

  /** On a busy machine a thread may wait long for its turn. */
  private static boolean mayGoOn(Thread thread, long start) {
    return cpu(thread) < MOST_CPU.toNanos() && System.nanoTime() - start < MOST_TIME.toNanos();
  }

  private int status(OutputStream out, PrintStream err, List<String> line) {
    try {
      return program.run(out, err, line.toArray(String[]::new));
    } catch (RuntimeException | Error e) {
      e.printStackTrace(err);
      return THROWN;
    }
  }

  /** Bytes of one of the streams; too many of them are refused, as by a full disk. */
  private static final class Sink extends OutputStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] more, int offset, int length) throws IOException {
      if (bytes.size() + length > MOST_OUTPUT) {
        throw new IOException("enough");
      }
      bytes.write(more, offset, length);
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
