package org.vmcore.remoteproc;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Remote processors that crash and recover, each in a thread of its own: stop, dump, start. It
 * behaves as the kernel's {@code remoteproc_core.c} and is made to try out what collects dumps.
 *
 * {@snippet :
 * try (var recovery = new RemoteprocRecovery(new Devcoredumps(), RecoveryListener.NONE)) {
 *   RemoteProcessor dsp = recovery.add(coredump, driver, SubDevice.virtio("virtio0", "rpmsg0"));
 *   coredump.setMode(CoredumpMode.INLINE);
 *   dsp.boot();
 *   Future<?> recovered = dsp.reportCrash();
 *   // recovery.pending() soon has the dump; recovered is done after its release
 * }
 * }
 */
public final class RemoteprocRecovery implements AutoCloseable {
  private final Devcoredumps devcoredumps;
  private final RecoveryListener listener;
  private final ExecutorService work = Executors.newVirtualThreadPerTaskExecutor();

  /** No processors yet. Their dumps go to {@code devcoredumps}, which is closed with this. */
  public RemoteprocRecovery(Devcoredumps devcoredumps, RecoveryListener listener) {
    this.devcoredumps = devcoredumps;
    this.listener = listener;
  }

  /**
   * Adds a processor, which is offline.
   *
   * @param coredump what its crashes leave; the processor has its name
   * @param driver loads, starts and stops it
   * @param subDevices in the order in which they are started; they are stopped the other way round
   */
  public RemoteProcessor add(
      RemoteprocCoredump coredump, RemoteProcessor.Driver driver, SubDevice... subDevices) {
    StartOrder order = new StartOrder(driver, List.of(subDevices));
    return new RemoteProcessor(coredump, order, devcoredumps, listener, work);
  }

  /** The dumps that can be read, the oldest first. */
  public List<Devcoredump> pending() {
    return devcoredumps.pending();
  }

  /**
   * Ends all dumps, and waits until crashes that are being handled have been. Processors that run
   * go on, but no crash can be reported any more.
   */
  @Override
  public void close() {
    devcoredumps.close();
    work.close();
  }
}
