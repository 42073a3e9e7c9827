package org.vmcore.remoteproc;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * In which order a processor and its sub-devices are started and stopped: {@code rproc_start} and
 * {@code rproc_stop}.
 */
record StartOrder(RemoteProcessor.Driver driver, List<SubDevice> subDevices) {
  /** One of what is undone when a start fails. */
  private interface Step {
    void run() throws IOException;
  }

  /** Starts all of it, or what was done is undone, the last first. */
  void start(RemoteProcessor processor) throws IOException {
    Deque<Step> undo = new ArrayDeque<>();
    try {
      driver.load();
      for (SubDevice device : subDevices) {
        device.prepare(processor);
        undo.push(() -> device.unprepare(processor));
      }
      driver.start();
      undo.push(driver::stop);
      for (SubDevice device : subDevices) {
        device.start(processor);
        undo.push(() -> device.stop(processor, true));
      }
    } catch (IOException | RuntimeException e) {
      undo(undo, e);
      throw e;
    }
  }

  private static void undo(Deque<Step> steps, Exception because) {
    for (Step step : steps) {
      try {
        step.run();
      } catch (IOException | RuntimeException e) {
        because.addSuppressed(e);
      }
    }
  }

  /** Stops all of it, up to the first that fails. */
  void stop(RemoteProcessor processor, boolean crashed) throws IOException {
    for (SubDevice device : subDevices.reversed()) {
      device.stop(processor, crashed);
    }
    driver.stop();
    for (SubDevice device : subDevices.reversed()) {
      device.unprepare(processor);
    }
  }
}
