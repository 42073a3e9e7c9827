package org.vmcore.remoteproc;

import java.io.IOException;
import java.util.List;

/**
 * What is started with a remote processor and stopped with it: {@code struct rproc_subdev}. The
 * processor calls these under its lock: never two at once.
 */
public interface SubDevice {
  /** Before the processor starts. */
  default void prepare(RemoteProcessor processor) throws IOException {}

  /** When the processor has started: registers devices, new ones each time. */
  default void start(RemoteProcessor processor) throws IOException {}

  /**
   * Before the processor is stopped: unregisters what {@link #start} registered, children first.
   *
   * @param crashed whether the processor can't answer any more
   */
  default void stop(RemoteProcessor processor, boolean crashed) throws IOException {}

  /** When the processor has been stopped. */
  default void unprepare(RemoteProcessor processor) throws IOException {}

  /** A virtio device with channels (rpmsg devices) as its children. */
  static SubDevice virtio(String name, String... channels) {
    return new VirtioSubDevice(name, List.of(channels));
  }
}
