package org.vmcore.remoteproc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.vmcore.memory.VmcoreException;

/** The devices that came with one remote processor: those that are there, and those still held. */
public final class Devices {
  private final List<Device> registered = new ArrayList<>();
  private final List<Device> held = new ArrayList<>();
  private final List<Device> untold = new ArrayList<>();
  private final Consumer<Device> added;
  private final Consumer<Device> removed;
  private int generation;

  /** None yet; {@code added} and {@code removed} are told of those that come and go. */
  Devices(Consumer<Device> added, Consumer<Device> removed) {
    this.added = added;
    this.removed = removed;
  }

  /** Those that can be found, in the order in which they came. */
  public synchronized List<Device> registered() {
    return List.copyOf(registered);
  }

  /** Those of earlier starts that somebody still holds: ghosts, in the order in which they went. */
  public synchronized List<Device> held() {
    return List.copyOf(held);
  }

  /** The one that can be found under {@code name}. */
  public synchronized Optional<Device> find(String name) {
    return registered.stream().filter(device -> device.name().equals(name)).findFirst();
  }

  /**
   * Makes a device and lets it be found. A {@link SubDevice} does so when it starts.
   *
   * @throws VmcoreException when there is one of that name, which wasn't unregistered
   */
  public Device register(String name) throws VmcoreException {
    return register(name, Optional.empty());
  }

  /** The same, as a child of {@code parent}, which it holds. */
  public Device register(String name, Device parent) throws VmcoreException {
    return register(name, Optional.of(parent));
  }

  private Device register(String name, Optional<Device> parent) throws VmcoreException {
    Device device = add(name, parent);
    added.accept(device);
    return device;
  }

  private synchronized Device add(String name, Optional<Device> parent) throws VmcoreException {
    if (find(name).isPresent()) {
      throw VmcoreException.of(name, "there is a device of that name already");
    }
    Device.Handle hold = parent.isPresent() ? parent.get().hold() : null;
    Device device = new Device(name, generation, hold, this);
    registered.add(device);
    return device;
  }

  /**
   * Takes a device from those that can be found. It lives on as long as it is held. A {@link
   * SubDevice} does so when it stops, children first.
   *
   * @throws VmcoreException when it isn't registered
   */
  public void unregister(Device device) throws VmcoreException {
    synchronized (this) {
      if (!registered.remove(device)) {
        throw VmcoreException.of(device.name(), "it isn't registered");
      }
      held.add(device);
      untold.add(device);
    }
    removed.accept(device);
    device.unregister();
  }

  synchronized void released(Device device) {
    held.remove(device);
    untold.remove(device);
  }

  /** From now on devices are those of another start. */
  synchronized void nextGeneration() {
    generation++;
  }

  /** Those that are held and weren't given here before. */
  synchronized List<Device> newlyHeld() {
    List<Device> devices = List.copyOf(untold);
    untold.clear();
    return devices;
  }
}
