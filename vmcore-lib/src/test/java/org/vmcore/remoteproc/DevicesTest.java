package org.vmcore.remoteproc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.VmcoreException;
import org.vmcore.testing.Reading;

class DevicesTest {
  private final List<String> events = new ArrayList<>();
  private final Devices devices =
      new Devices(device -> events.add("+" + device), device -> events.add("-" + device));

  @Test
  void aDeviceThatNobodyHoldsIsGoneOnceItIsUnregistered() throws VmcoreException {
    devices.nextGeneration();
    Device device = devices.register("virtio0");
    assertThat(devices.find("virtio0")).containsSame(device);
    assertThat(device.references()).isOne();

    devices.unregister(device);

    assertThat(device.isReleased()).isTrue();
    assertThat(device.isRegistered()).isFalse();
    assertThat(devices.find("virtio0")).isEmpty();
    assertThat(devices.held()).isEmpty();
    assertThatThrownBy(device::hold).hasMessage("virtio0: it is gone, and can't be held any more");
    assertThat(events).containsExactly("+virtio0 of start 1", "-virtio0 of start 1");
  }

  @Test
  void aHeldDeviceLivesUntilItsLastHolderLetsGo() throws VmcoreException {
    Device device = devices.register("virtio0");
    Device.Handle first = device.hold();
    Device.Handle second = device.hold();
    devices.unregister(device);
    assertThat(devices.held()).containsExactly(device);

    first.close();
    first.close();

    assertThat(device.references()).isOne();
    assertThat(device.isReleased()).isFalse();
    try (Device.Handle third = second.device().hold()) {
      second.close();
      assertThat(third.device()).isSameAs(device);
      assertThat(device.name()).isEqualTo("virtio0");
    }
    assertThat(device.isReleased()).isTrue();
    assertThat(devices.held()).isEmpty();
  }

  @Test
  void aHeldChannelKeepsItsVirtioDevice() throws VmcoreException {
    Device virtio = devices.register("virtio0");
    Device channel = devices.register("rpmsg0", virtio);
    assertThat(channel.parent()).containsSame(virtio);
    assertThat(virtio.references()).isEqualTo(2);
    Device.Handle held = channel.hold();

    devices.unregister(channel);
    devices.unregister(virtio);
    assertThat(devices.held()).containsExactly(channel, virtio);
    held.close();

    assertThat(devices.held()).isEmpty();
    assertThat(virtio.isReleased()).isTrue();
  }

  @Test
  void aGhostsNameIsFreeAndARegisteredOneIsNot() throws VmcoreException {
    Device ghost = devices.register("virtio0");
    Device.Handle held = ghost.hold();
    assertThatThrownBy(() -> devices.register("virtio0"))
        .hasMessage("virtio0: there is a device of that name already");
    devices.unregister(ghost);

    Device successor = devices.register("virtio0");

    assertThat(devices.find("virtio0")).containsSame(successor);
    assertThat(devices.held()).containsExactly(ghost);
    assertThatThrownBy(() -> devices.unregister(ghost)).hasMessage("virtio0: it isn't registered");
    held.close();
    assertThat(successor.references()).isOne();
  }

  @Test
  void referencesAreCountedByManyThreads() throws Exception {
    Device device = devices.register("virtio0");
    Reading.inThreads(
        () -> {
          for (int i = 0; i < 1000; i++) {
            device.hold().close();
          }
          return true;
        });
    assertThat(device.references()).isOne();
  }
}
