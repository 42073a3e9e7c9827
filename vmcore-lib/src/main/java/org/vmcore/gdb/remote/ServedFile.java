package org.vmcore.gdb.remote;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.vmcore.Vmcore;
import org.vmcore.debuginfo.DebugInfo;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.kernel.Kernel;

/**
 * The file with symbols and types that gdb may load from the target. It is made by a thread of its
 * own, while gdb asks for other things.
 */
public final class ServedFile implements AutoCloseable {
  /** gdb gives up an answer after 2 seconds. */
  private static final long PATIENCE_MS = 1400;

  private final String name;
  private final FutureTask<SeekableByteChannel> made;

  private ServedFile(String name, FutureTask<SeekableByteChannel> made) {
    this.name = name;
    this.made = made;
  }

  /**
   * A file that {@code maker} makes; it has begun.
   *
   * @param name its path for gdb
   * @param maker gives the file, opened to be read
   */
  public static ServedFile making(String name, Callable<SeekableByteChannel> maker) {
    FutureTask<SeekableByteChannel> task = new FutureTask<>(maker);
    Thread.ofPlatform().name("vmcore-served-file").daemon().start(task);
    return new ServedFile(name, task);
  }

  /**
   * The vmlinux that is made of {@code vmcore}, for gdb. It is in a temporary file without a name.
   */
  public static ServedFile of(Vmcore vmcore, Kernel kernel) {
    return making("/vmlinux", () -> vmlinux(vmcore, kernel));
  }

  private static SeekableByteChannel vmlinux(Vmcore vmcore, Kernel kernel) throws IOException {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    Path file = folder.resolve("vmcore-gdb-" + UUID.randomUUID());
    DebugInfo made = DebugInfo.of(vmcore, kernel).purpose(Purpose.GDB).withoutText().sync(false);
    made.write(file);
    try {
      return Files.newByteChannel(file);
    } finally {
      Files.delete(file);
    }
  }

  String name() {
    return name;
  }

  /** Waits until it is made, or there is none, but no longer than gdb does. */
  void await() {
    try {
      made.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // whoever needs it learns why
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until it is made.
   *
   * @return why there is none; empty when there is
   */
  public Optional<Exception> failure() {
    try {
      made.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(e.getCause() instanceof Exception cause ? cause : e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(e);
    }
  }

  private SeekableByteChannel channel() throws IOException {
    try {
      return made.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** Its size in bytes. */
  long size() throws IOException {
    return channel().size();
  }

  /** Up to {@code most} bytes from {@code offset} on; none behind the end. */
  byte[] read(long offset, int most) throws IOException {
    SeekableByteChannel channel = channel();
    long left = channel.size() - offset;
    if (offset < 0 || left <= 0) {
      return new byte[0];
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(most, left));
    channel.position(offset);
    while (bytes.hasRemaining() && channel.read(bytes) > 0) {}
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  @Override
  public void close() {
    made.cancel(true);
    if (made.state() == FutureTask.State.SUCCESS) {
      try {
        made.resultNow().close();
      } catch (IOException e) {
        // it was only read
      }
    }
  }
}
