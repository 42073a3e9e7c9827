package org.vmcore.remoteproc.collect;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.vmcore.io.IoReason;
import org.vmcore.memory.VmcoreException;
import org.vmcore.remoteproc.Devcoredump;

/**
 * Picks up devices' dumps: copies each, a stream of unknown length, into a file of its own, and
 * releases it.
 *
 * <ul>
 *   <li>A dump's file has the name of its device and the time, {@code
 *       remoteproc0-20261129T155752Z.devcoredump}; no file is ever replaced. It appears whole, with
 *       mode 0600 and on the disk, or not at all; then the dump is released. A dump that can't be
 *       written, as on a full disk, isn't.
 *   <li>Of a dump that is gone before its end was read, what was read is kept, under a name that
 *       ends with {@code .partial}. The same is done with an ELF file that tells by its headers
 *       that it is longer than its stream was; it isn't released.
 *   <li>A finished file is opened and verified as any dump. What can't be opened, as the private
 *       formats of many drivers, is kept and released as well.
 *   <li>Each dump has a thread of its own, and takes memory of a fixed size.
 * </ul>
 *
 * <p>One thread may use it at a time, but for {@link #collect(Devcoredump)}.
 *
 * {@snippet :
 * try (var collector = DevcoredumpCollector.open(Path.of("/var/crash"), CollectOptions.DEFAULT)) {
 *   collector.collect(
 *       SysfsDevcoredumps.in(SysfsDevcoredumps.CLASS), dump -> System.out.println(dump.file()));
 * }
 * }
 */
public final class DevcoredumpCollector implements AutoCloseable {
  private final Path folder;
  private final CollectOptions options;
  private final FolderLock lock;

  private DevcoredumpCollector(Path folder, CollectOptions options, FolderLock lock) {
    this.folder = folder;
    this.options = options;
    this.lock = lock;
  }

  /**
   * Collects into {@code folder}, which is made if it isn't there. It is locked until the collector
   * is closed, by a file {@code .devcoredump.lock} in it that stays.
   *
   * @throws VmcoreException when the folder can't be made or written, or another collector, of this
   *     process or another one, works there
   */
  public static DevcoredumpCollector open(Path folder, CollectOptions options)
      throws VmcoreException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw VmcoreException.of(folder.toString(), "not a folder", e);
    } catch (IOException e) {
      throw VmcoreException.of(folder.toString(), "cannot be made: " + IoReason.of(e), e);
    }
    return new DevcoredumpCollector(folder, options, FolderLock.take(folder));
  }

  /** Collects one dump, in the caller's thread: returns when all is done. */
  public CollectedDump collect(Devcoredump dump) {
    return collect(dump, _ -> {});
  }

  /** The same; {@code read} is told of bytes that were read. */
  CollectedDump collect(Devcoredump dump, LongConsumer read) {
    return new Pickup(dump, folder, options, read).run();
  }

  /**
   * Collects all that are pending now, at the same time.
   *
   * @param listener is told of each as it ends
   * @return them all, in that order
   * @throws VmcoreException when the source can't tell what is pending
   * @throws InterruptedException when the thread is interrupted; what isn't whole is given up
   */
  public List<CollectedDump> collect(DevcoredumpSource source, CollectListener listener)
      throws VmcoreException, InterruptedException {
    List<CollectedDump> all = new ArrayList<>();
    Readers readers = new Readers(this, listener);
    try {
      source.pending().forEach(readers::start);
      while (!readers.isEmpty()) {
        Optional<CollectedDump> next = readers.next(Long.MAX_VALUE);
        next.ifPresent(all::add);
        next.ifPresent(listener::collected);
      }
    } finally {
      readers.abandon();
    }
    return all;
  }

  /**
   * Collects whatever becomes pending, until the thread is interrupted. A dump of which nothing
   * could be kept, as on a full disk, is tried again, after a minute at last; the listener is told
   * when the reason changes.
   *
   * @param interval how often the source is asked; sysfs has no other way to learn of a dump
   * @throws VmcoreException when the source can't tell what is pending
   * @throws InterruptedException when the thread is interrupted; what isn't whole is given up
   */
  public void watch(DevcoredumpSource source, Duration interval, CollectListener listener)
      throws VmcoreException, InterruptedException {
    Readers readers = new Readers(this, listener);
    Watched watched = new Watched(listener);
    try {
      while (true) {
        for (Devcoredump dump : watched.due(source.pending())) {
          readers.start(dump);
        }
        long end = System.nanoTime() + interval.toNanos();
        for (long left = interval.toNanos(); left > 0; left = end - System.nanoTime()) {
          readers.next(left).ifPresent(watched::ended);
        }
      }
    } finally {
      readers.abandon();
    }
  }

  /** What a watch remembers of dumps that are still pending. */
  private static final class Watched {
    private static final long FIRST_WAIT = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_WAIT = Duration.ofMinutes(1).toNanos();

    private final CollectListener listener;
    private final Set<String> kept = new HashSet<>();
    private final Map<String, Problem> problems = new HashMap<>();

    /** Why nothing of a dump could be kept, and when that is tried again, in System.nanoTime. */
    private record Problem(String why, long delay, long next) {}

    Watched(CollectListener listener) {
      this.listener = listener;
    }

    /** Those of {@code pending} that aren't in a file. */
    List<Devcoredump> due(List<? extends Devcoredump> pending) {
      List<Devcoredump> due = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (Devcoredump dump : pending) {
        names.add(dump.name());
        Problem problem = problems.get(dump.name());
        boolean isTime = problem == null || System.nanoTime() - problem.next() >= 0;
        if (isTime && !kept.contains(dump.name())) {
          due.add(dump);
        }
      }
      kept.retainAll(names);
      problems.keySet().retainAll(names);
      return due;
    }

    void ended(CollectedDump dump) {
      if (dump.file().isPresent()) {
        kept.add(dump.name());
        listener.collected(dump);
        return;
      }
      String why = dump.problem().orElse("");
      Problem last = problems.get(dump.name());
      long delay = last == null ? FIRST_WAIT : Math.min(LONGEST_WAIT, 2 * last.delay());
      problems.put(dump.name(), new Problem(why, delay, System.nanoTime() + delay));
      if (last == null || !last.why().equals(why)) {
        listener.collected(dump);
      }
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
