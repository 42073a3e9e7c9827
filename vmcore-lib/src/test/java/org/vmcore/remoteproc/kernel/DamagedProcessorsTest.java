package org.vmcore.remoteproc.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.RemoteprocKernel.LIST;
import static org.vmcore.testing.RemoteprocKernel.RUNNING;
import static org.vmcore.testing.RemoteprocKernel.device;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.RemoteprocKernel;
import org.vmcore.values.Hex;

/** Pointers that lead nowhere, and lists that are bent. */
class DamagedProcessorsTest {
  private static final long GARBAGE = 0x4141_4141_4141_4141L;

  @TempDir Path folder;
  private final RemoteprocKernel kernel = RemoteprocKernel.withoutSymbol();

  private RemoteProcessors found(DumpBuilder dump) throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      return RemoteProcessors.of(vmcore, Kernel.of(vmcore));
    }
  }

  private RemoteProcessors found(DumpBuilder dump, long list) throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      return RemoteProcessors.of(vmcore, Kernel.of(vmcore), list);
    }
  }

  private static List<String> devices(RemoteProcessors found) {
    return found.all().stream().map(RemoteProcessor::device).toList();
  }

  private static List<String> messages(RemoteProcessors found) {
    return found.gaps().stream().map(Finding::message).toList();
  }

  @Test
  void aMemberThatCannotBeReadIsNotTakenForTheHead() throws Exception {
    long older = kernel.rproc("a", RUNNING);
    long newer = kernel.rproc("b", RUNNING);
    kernel.linked();
    long last = kernel.room(0) + 0x1000 - 16; // of the dump: its device is behind the end
    kernel.memory().u64(newer, last).u64(last + 8, newer).u64(last, older).u64(older + 8, last);

    RemoteProcessors found = found(kernel.bent());

    assertThat(devices(found)).containsExactly("remoteproc1", "remoteproc0");
    assertThat(messages(found))
        .singleElement()
        .asString()
        .startsWith("remote processor at " + Hex.of(last) + ": ");
  }

  @Test
  void aRingWithoutAHeadIsALossAndItsDevicesAreFound() throws Exception {
    long older = kernel.rproc("a", RUNNING);
    long newer = kernel.rproc("b", RUNNING);
    kernel.linked().memory().u64(older, newer).u64(newer + 8, older);

    RemoteProcessors bySysfs = found(kernel.bent());

    assertThat(devices(bySysfs)).containsExactlyInAnyOrder("remoteproc0", "remoteproc1");
    assertThat(bySysfs.gaps()).extracting(Finding::severity).containsExactly(Severity.ERROR);
    assertThat(messages(bySysfs).getFirst())
        .startsWith("rproc_list: no head is in the ring through the remote processor at 0x");
    assertThat(found(kernel.bent(), LIST).gaps())
        .extracting(Finding::severity)
        .contains(Severity.ERROR);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 0x10, LIST + 0x800, -1, GARBAGE})
  void aHeadThatIsNoneIsNamedAndALoss(long head) throws Exception {
    kernel.rproc("a", RUNNING);

    RemoteProcessors found = found(kernel.dump(), head);

    assertThat(devices(found)).containsExactly("remoteproc0");
    assertThat(messages(found))
        .first()
        .asString()
        .startsWith("--list " + Hex.of(head) + ": the list breaks off after 0 nodes: ");
    assertThat(messages(found))
        .last()
        .isEqualTo("--list " + Hex.of(head) + ": 1 more are found by their devices");
    assertThat(found.gaps())
        .extracting(Finding::severity)
        .containsExactly(Severity.ERROR, Severity.WARNING);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, GARBAGE})
  void aNameThatCannotBeReadIsTold(long name) throws Exception {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.memory().u64(dsp + 16, name);

    RemoteProcessors found = found(kernel.dump());

    assertThat(found.all().getFirst().name()).isEmpty();
    assertThat(messages(found))
        .singleElement()
        .asString()
        .startsWith("remoteproc0: rproc.name at " + Hex.of(name) + ": ");
  }

  @Test
  void aCoredumpWhoseDeviceCannotBeReadIsTold() throws Exception {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.copied(dsp, "devcd8", new byte[16]);
    long entry = kernel.coredumps().getFirst();
    kernel.memory().u64(entry + 80, GARBAGE);

    RemoteProcessors found = found(kernel.dump());

    assertThat(found.all().getFirst().coredumps()).isEmpty();
    assertThat(messages(found))
        .singleElement()
        .asString()
        .startsWith(
            "coredump devcd8 at " + Hex.of(entry) + ": its device can't be read: device at 0x4141");
  }

  @Test
  void aDeviceWithoutANameIsTold() throws Exception {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.memory().u64(device(dsp), GARBAGE);

    assertThat(messages(found(kernel.dump())))
        .containsExactly(
            "remote processor at " + Hex.of(dsp) + ": its device's name can't be read");
  }
}
