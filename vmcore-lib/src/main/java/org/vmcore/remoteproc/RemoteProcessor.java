package org.vmcore.remoteproc;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;

/**
 * A remote processor that can be booted, crash and recover: {@code struct rproc}. One lock is held
 * while it is started, stopped or recovered, also while an inline dump waits for its reader, so
 * that {@link #boot} and {@link #shutdown} wait for that, too.
 *
 * <p>Source: the kernel's {@code drivers/remoteproc/remoteproc_core.c}.
 */
public final class RemoteProcessor {
  /** What it does now: {@code enum rproc_state}. */
  public enum State {
    /** Stopped; also while its dump is made. */
    OFFLINE,
    /** Started. */
    RUNNING,
    /** Crashed and not stopped: recovery has yet to begin, is off, or failed to stop it. */
    CRASHED
  }

  /** What is done to the processor itself: {@code struct rproc_ops}. Never two at once. */
  public interface Driver {
    /** Does nothing. */
    Driver NONE = new Driver() {};

    /** Puts the firmware into its memory; before each start. */
    default void load() throws IOException {}

    /** Starts it. */
    default void start() throws IOException {}

    /** Stops it; its memory stays as it is. */
    default void stop() throws IOException {}
  }

  private final RemoteprocCoredump coredump;
  private final StartOrder order;
  private final Devcoredumps devcoredumps;
  private final RecoveryListener listener;
  private final Executor work;

  private final Devices devices =
      new Devices(
          device -> tell(to -> to.added(this, device)),
          device -> tell(to -> to.removed(this, device)));
  private final ReentrantLock lock = new ReentrantLock();
  private final Object reports = new Object();
  private final AtomicInteger crashes = new AtomicInteger();
  private final AtomicInteger power = new AtomicInteger();
  private volatile State state = State.OFFLINE;
  private volatile boolean recoveryEnabled = true;
  private Optional<CompletableFuture<State>> report = Optional.empty(); // guarded by reports
  private @Nullable RuntimeException thrown; // by the listener, guarded by lock

  RemoteProcessor(
      RemoteprocCoredump coredump,
      StartOrder order,
      Devcoredumps devcoredumps,
      RecoveryListener listener,
      Executor work) {
    this.coredump = coredump;
    this.order = order;
    this.devcoredumps = devcoredumps;
    this.listener = listener;
    this.work = work;
  }

  /** {@code remoteproc0}. */
  public String name() {
    return coredump.device();
  }

  /** What its crashes leave; its mode is set there. */
  public RemoteprocCoredump coredump() {
    return coredump;
  }

  /** The devices that came with it. */
  public Devices devices() {
    return devices;
  }

  /** What it does now. */
  public State state() {
    return state;
  }

  /** How often it crashed: {@code crash_cnt}. */
  public int crashCount() {
    return crashes.get();
  }

  /** How many want it to run: {@code power}. A recovery leaves it as it is. */
  public int bootCount() {
    return power.get();
  }

  /**
   * Starts it if it is offline, and counts one more who wants it to run. The kernel starts it for
   * the first one only, so that after a recovery that failed nobody can.
   *
   * @throws IOException when it doesn't start; then nothing is counted
   */
  public void boot() throws IOException {
    lock.lock();
    try {
      if (state == State.OFFLINE) {
        start();
      }
      power.incrementAndGet();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Counts one fewer who wants it to run, and stops it when that was the last one.
   *
   * @throws IOException when it isn't booted, crashed and wasn't recovered, or doesn't stop; then
   *     it counts as before
   */
  public void shutdown() throws IOException {
    lock.lock();
    try {
      if (power.get() == 0) {
        throw VmcoreException.of(name(), "it can't be shut down: it wasn't booted");
      }
      if (state == State.CRASHED) {
        throw VmcoreException.of(name(), "it can't be shut down: it crashed");
      }
      if (power.get() == 1 && state == State.RUNNING) {
        stop(false);
      }
      power.decrementAndGet();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether a crash is recovered from; at first it is. Turned on after a crash, it recovers the
   * processor before it returns.
   */
  public void setRecoveryEnabled(boolean enabled) {
    lock.lock();
    try {
      recoveryEnabled = enabled;
      if (enabled && state == State.CRASHED) {
        recover();
      }
      throwWhatListenerThrew();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says that it crashed, and returns at once. Crashes are handled one after the other, each in a
   * thread of its own. One that is reported while another is handled has its turn after it; those
   * reported before that turn are one with it. What isn't running then, stopped or crashed before,
   * doesn't count.
   *
   * @return its state when the crash has been handled
   * @throws java.util.concurrent.RejectedExecutionException when the recovery was closed
   */
  public Future<State> reportCrash() {
    synchronized (reports) {
      if (report.isEmpty()) {
        work.execute(this::handleCrash);
        report = Optional.of(new CompletableFuture<>());
      }
      return report.get().copy();
    }
  }

  private CompletableFuture<State> takeReport() {
    synchronized (reports) {
      CompletableFuture<State> taken = report.orElseThrow();
      report = Optional.empty();
      return taken;
    }
  }

  private void handleCrash() {
    lock.lock();
    try {
      handle(takeReport());
    } finally {
      lock.unlock();
    }
  }

  private void handle(CompletableFuture<State> taken) {
    try {
      if (state == State.RUNNING) {
        crash();
      }
      throwWhatListenerThrew();
      taken.complete(state);
    } catch (Throwable e) {
      taken.completeExceptionally(e);
    }
  }

  private void crash() {
    state = State.CRASHED;
    coredump.beginCrash();
    int count = crashes.incrementAndGet();
    tell(to -> to.crashed(this, count));
    if (recoveryEnabled) {
      recover();
    }
  }

  /** Stop, dump, start; {@code rproc_boot_recovery}. */
  private void recover() {
    try {
      stop(true);
      dump();
      start();
      devices.newlyHeld().forEach(held -> tell(to -> to.heldAcrossRecovery(this, held)));
      tell(to -> to.recovered(this));
    } catch (IOException | RuntimeException e) {
      tell(to -> to.failed(this, e));
    } finally {
      if (state != State.CRASHED) {
        coredump.endCrash();
      }
    }
  }

  /** A dump that fails keeps nothing from being started again. */
  private void dump() {
    try {
      coredump.dump(devcoredumps);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      keep(e);
    }
  }

  private void start() throws IOException {
    devices.nextGeneration();
    order.start(this);
    state = State.RUNNING;
  }

  private void stop(boolean crashed) throws IOException {
    order.stop(this, crashed);
    state = State.OFFLINE;
  }

  private void tell(Consumer<RecoveryListener> what) {
    try {
      what.accept(listener);
    } catch (RuntimeException e) {
      keep(e);
    }
  }

  private void keep(RuntimeException e) {
    if (thrown == null) {
      thrown = e;
    } else {
      thrown.addSuppressed(e);
    }
  }

  private void throwWhatListenerThrew() {
    RuntimeException e = thrown;
    thrown = null;
    if (e != null) {
      throw e;
    }
  }
}
