package org.vmcore.remoteproc;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.VmcoreException;

/**
 * A device that came with a remote processor, a virtio device or a channel of it, as one start of
 * the processor made it: {@code struct device}. Others may hold it. It lives until the last of them
 * lets go, whether the processor was stopped in between or not; the next start makes another object
 * and never touches this one.
 */
public final class Device {
  private final String name;
  private final int generation;
  private final @Nullable Handle parent;
  private final Devices devices;

  private boolean registered = true;
  private int references = 1; // that of the list in which it is registered

  /** A registered device, which holds its parent as long as it lives. */
  Device(String name, int generation, @Nullable Handle parent, Devices devices) {
    this.name = name;
    this.generation = generation;
    this.parent = parent;
    this.devices = devices;
  }

  /** {@code virtio0}. Its successor has the same name. */
  public String name() {
    return name;
  }

  /** The number of the start that made it, from 1 on: what tells it from its successor. */
  public int generation() {
    return generation;
  }

  /** The virtio device, if this is a channel of one. */
  public Optional<Device> parent() {
    return Optional.ofNullable(parent).map(Handle::device);
  }

  /** Whether it is there for those who look for it: until its processor is stopped. */
  public synchronized boolean isRegistered() {
    return registered;
  }

  /** Whether it is gone: it isn't registered, and nobody holds it. */
  public synchronized boolean isReleased() {
    return references == 0;
  }

  /** How many hold it; being registered and having a child count as one each. */
  public synchronized int references() {
    return references;
  }

  /**
   * Holds it, until the handle is closed: {@code get_device}. What is held may still be
   * unregistered.
   *
   * @throws VmcoreException when it is gone
   */
  public synchronized Handle hold() throws VmcoreException {
    if (references == 0) {
      throw VmcoreException.of(name, "it is gone, and can't be held any more");
    }
    references++;
    return new Handle(this);
  }

  /** Takes it from those that can be found; children have gone before. */
  void unregister() {
    synchronized (this) {
      registered = false;
    }
    put();
  }

  private void put() {
    synchronized (this) {
      if (--references > 0) {
        return;
      }
    }
    devices.released(this);
    if (parent != null) {
      parent.close();
    }
  }

  @Override
  public String toString() {
    return name + " of start " + generation;
  }

  /** One holder of a device. */
  public static final class Handle implements AutoCloseable {
    private final Device device;
    private boolean closed;

    private Handle(Device device) {
      this.device = device;
    }

    /** What is held: always the same object. */
    public Device device() {
      return device;
    }

    /** Lets go: {@code put_device}. Closing it again does nothing. */
    @Override
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
      }
      device.put();
    }
  }
}
