package org.vmcore.remoteproc;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A virtio device and its channels: {@code struct rproc_vdev}. Each start makes all of them anew;
 * the kernel once zeroed the old virtio device instead, while others held it.
 */
final class VirtioSubDevice implements SubDevice {
  private final String name;
  private final List<String> channels;
  private final Deque<Device> registered = new ArrayDeque<>(); // children before their parent

  VirtioSubDevice(String name, List<String> channels) {
    this.name = name;
    this.channels = channels;
  }

  @Override
  public void start(RemoteProcessor processor) throws IOException {
    Devices devices = processor.devices();
    Device virtio = devices.register(name);
    registered.push(virtio);
    try {
      for (String channel : channels) {
        registered.push(devices.register(channel, virtio));
      }
    } catch (IOException e) {
      stop(processor, false);
      throw e;
    }
  }

  @Override
  public void stop(RemoteProcessor processor, boolean crashed) throws IOException {
    while (!registered.isEmpty()) {
      processor.devices().unregister(registered.pop());
    }
  }
}
