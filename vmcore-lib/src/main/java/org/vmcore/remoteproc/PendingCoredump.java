package org.vmcore.remoteproc;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/**
 * A remote processor's dump that can be read: as a stream, as the kernel gives it, or at any offset
 * as a {@link Memory}, whose addresses are the core's file offsets. Any number of threads may read.
 *
 * <p>{@link #release}, the time-out and {@link Devcoredumps#close} end it, whichever comes first.
 * From then on every call fails at once; they wait for reads that are under way. So once one of
 * them has returned, no read touches the device's memory, and it may be started again. A device
 * whose memory never answers holds them up as long.
 */
public final class PendingCoredump implements Devcoredump, Memory {
  private final String name;
  private final String device;
  private final CoreImage image;
  private final long stop;
  private final Runnable onEnd;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<@Nullable String> end = new AtomicReference<>();
  private @Nullable Runnable cancel;

  /**
   * A dump that can be read at once.
   *
   * @param stop the offset that a read of the stream doesn't go over
   * @param onEnd what is to be done when no read is under way any more
   */
  PendingCoredump(String name, String device, CoreImage image, long stop, Runnable onEnd) {
    this.name = name;
    this.device = device;
    this.image = image;
    this.stop = stop;
    this.onEnd = onEnd;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String source() {
    return name;
  }

  @Override
  public Optional<String> device() {
    return Optional.of(device);
  }

  /**
   * {@inheritDoc}
   *
   * <p>As in sysfs a read gives 4096 bytes at most, and goes on over the ends of segments. The
   * first one of an inline dump gives the headers alone.
   */
  @Override
  public ReadableByteChannel open() throws IOException {
    if (end.get() != null) {
      throw new NoSuchFileException(name, null, gone());
    }
    return new DumpChannel(this, stop);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where something can't be had behind the first byte, the read is short, and the next one
   * fails. A segment's bytes without a mapping are 0xff. A segment that is mapped in part is all
   * 0xff in a copied dump; in an inline one each piece of it, from where this read touches it to
   * where the read or the segment ends, is looked up by itself.
   */
  @Override
  public long read(long address, MemorySegment dst) throws VmcoreException {
    begin();
    try {
      return image.read(address, dst);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public Extent extentAt(long address) throws VmcoreException {
    begin();
    try {
      return image.extentAt(address);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public String absenceAt(long address) {
    return image.absenceAt(address);
  }

  /**
   * Takes the lock for a read, which the caller gives back; without waiting for one who ends it.
   */
  private void begin() throws VmcoreException {
    if (end.get() != null) {
      throw VmcoreException.of(name, gone());
    }
    lock.readLock().lock();
    if (end.get() != null) {
      lock.readLock().unlock();
      throw VmcoreException.of(name, gone());
    }
  }

  private String gone() {
    return "the dump of " + device + " is gone: " + end.get();
  }

  /** Whether the caller's thread is in a read of it, as a callback or listener is. */
  boolean isReadHere() {
    return lock.getReadHoldCount() > 0;
  }

  @Override
  public void release() throws IOException {
    if (!end("it was released")) {
      throw new NoSuchFileException(name, null, gone());
    }
  }

  /**
   * Ends it, unless something else has.
   *
   * @return whether this did
   * @throws IllegalStateException when called by a read of it, as a callback or listener might
   */
  boolean end(String why) {
    if (isReadHere()) {
      throw new IllegalStateException("a read of " + name + " can't release it");
    }
    boolean isFirst = end.compareAndSet(null, why);
    lock.writeLock().lock();
    try {
      if (isFirst) {
        onEnd.run();
        if (cancel != null) {
          cancel.run();
        }
      }
    } finally {
      lock.writeLock().unlock();
      if (isFirst) {
        ended.countDown();
      }
    }
    return isFirst;
  }

  /** What is to be done once it ends, or now if it has. */
  void onceEnded(Runnable task) {
    lock.writeLock().lock();
    try {
      if (end.get() == null) {
        cancel = task;
        return;
      }
    } finally {
      lock.writeLock().unlock();
    }
    task.run();
  }

  /** Waits until it has ended. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }
}
