package org.vmcore.remoteproc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** Makes the dump of a core in a thread of its own, as inline ones wait, and ends it at the end. */
final class CrashedDevice implements AutoCloseable {
  private final HandTimer timer = new HandTimer();
  private final Devcoredumps devcoredumps = new Devcoredumps(Devcoredumps.TIMEOUT, timer);
  private final PendingCoredump dump;
  private final CompletableFuture<Void> recovery;

  /** A timer whose time is over when the test says so. */
  static final class HandTimer implements DumpTimer {
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    @Override
    public Runnable after(Duration delay, Runnable task) {
      tasks.add(task);
      return () -> tasks.remove(task);
    }

    /** The end of the next dump, once there is one: it has been offered then. */
    Runnable next() throws InterruptedException {
      return tasks.take();
    }
  }

  private CrashedDevice(RemoteprocCoredump coredump, CoredumpMode mode)
      throws IOException, InterruptedException {
    coredump.setMode(mode);
    recovery = CompletableFuture.runAsync(() -> dump(coredump), Thread::startVirtualThread);
    Runnable end = timer.next();
    timer.tasks.add(end);
    dump = devcoredumps.of(coredump.device()).orElseThrow();
  }

  private void dump(RemoteprocCoredump coredump) {
    try {
      coredump.dump(devcoredumps);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static CrashedDevice of(RemoteprocCoredump coredump, CoredumpMode mode)
      throws IOException, InterruptedException {
    return new CrashedDevice(coredump, mode);
  }

  PendingCoredump dump() {
    return dump;
  }

  /** All of a dump, in reads of {@code piece} bytes each: what any collector does. */
  static byte[] copy(Devcoredump from, int piece) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocate(piece);
    try (ReadableByteChannel in = from.open()) {
      while (in.read(buffer) >= 0) {
        out.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    devcoredumps.close();
    recovery.join();
  }
}
