package org.vmcore.remoteproc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The dumps that can be read, of any number of devices: the kernel's class {@code devcoredump}. A
 * device has one at most. What nobody releases ends after a time-out.
 *
 * <p>Source: {@code drivers/base/devcoredump.c}.
 */
public final class Devcoredumps implements AutoCloseable {
  /** How long the kernel keeps a dump. */
  public static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** As good as never, and no number of nanoseconds that overflows. */
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private final Duration timeout;
  private final DumpTimer timer;
  private final Map<String, PendingCoredump> byDevice = new LinkedHashMap<>();
  private int count;
  private boolean closed;

  /** None yet, each of them to be kept for {@link #TIMEOUT}. */
  public Devcoredumps() {
    this(TIMEOUT, DumpTimer.ofSystem());
  }

  /** None yet, each of them to be kept for {@code timeout} by {@code timer}, which is closed. */
  public Devcoredumps(Duration timeout, DumpTimer timer) {
    this.timeout = timeout.compareTo(LONGEST) < 0 ? timeout : LONGEST;
    this.timer = timer;
  }

  /** Those that can be read, the oldest first. */
  public synchronized List<Devcoredump> pending() {
    return List.copyOf(byDevice.values());
  }

  /** That of one device: the link {@code devcoredump} in its folder in sysfs. */
  public synchronized Optional<PendingCoredump> of(String device) {
    return Optional.ofNullable(byDevice.get(device));
  }

  /** Why no dump of {@code device} would be taken now, if so. */
  synchronized Optional<String> refusal(String device) {
    if (closed) {
      return Optional.of("no dumps are kept any more");
    }
    return byDevice.containsKey(device)
        ? Optional.of("its last dump is still there")
        : Optional.empty();
  }

  /**
   * Offers a dump to readers.
   *
   * @param stop the offset that a read of the stream doesn't go over
   * @param onEnd is called once it is over, in any case
   * @return nothing, if the device has one already or no more are taken
   */
  Optional<PendingCoredump> offer(String device, CoreImage image, long stop, Runnable onEnd) {
    PendingCoredump dump = add(device, image, stop, onEnd);
    if (dump == null) {
      onEnd.run();
      return Optional.empty();
    }
    boolean isTimed = false;
    try {
      dump.onceEnded(timer.after(timeout, () -> dump.end("its time was over")));
      isTimed = true;
    } finally {
      if (!isTimed) {
        dump.end("its timer failed");
      }
    }
    return Optional.of(dump);
  }

  private synchronized @Nullable PendingCoredump add(
      String device, CoreImage image, long stop, Runnable onEnd) {
    if (refusal(device).isPresent()) {
      return null;
    }
    PendingCoredump dump =
        new PendingCoredump(
            "devcd" + ++count,
            device,
            image,
            stop,
            () -> {
              onEnd.run();
              remove(device);
            });
    byDevice.put(device, dump);
    return dump;
  }

  private synchronized void remove(String device) {
    byDevice.remove(device);
  }

  /**
   * Ends all that can be read; no more are taken. Waits for reads that are under way.
   *
   * @throws IllegalStateException when called by a read of one of them, as a callback or listener
   *     might; then nothing is ended
   */
  @Override
  public void close() {
    List<PendingCoredump> left;
    synchronized (this) {
      left = new ArrayList<>(byDevice.values());
      for (PendingCoredump dump : left) {
        if (dump.isReadHere()) {
          throw new IllegalStateException("a read of " + dump.name() + " can't end it");
        }
      }
      closed = true;
    }
    left.forEach(dump -> dump.end("no dumps are kept any more"));
    timer.close();
  }
}
