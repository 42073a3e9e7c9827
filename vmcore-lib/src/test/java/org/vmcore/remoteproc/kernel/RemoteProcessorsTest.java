package org.vmcore.remoteproc.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.vmcore.testing.RemoteprocKernel.CRASHED;
import static org.vmcore.testing.RemoteprocKernel.DUMP;
import static org.vmcore.testing.RemoteprocKernel.ENABLED;
import static org.vmcore.testing.RemoteprocKernel.INLINE;
import static org.vmcore.testing.RemoteprocKernel.LIST;
import static org.vmcore.testing.RemoteprocKernel.OFFLINE;
import static org.vmcore.testing.RemoteprocKernel.RUNNING;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Search;
import org.vmcore.remoteproc.kernel.PendingCoredump.Form;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.LinkedKernel;
import org.vmcore.testing.Reading;
import org.vmcore.testing.RemoteprocKernel;

class RemoteProcessorsTest {
  private static final byte[] TEXT = DumpBuilder.pattern(0x1000, 0x1001);

  @TempDir Path folder;
  private final RemoteprocKernel kernel = new RemoteprocKernel();

  /** What is asked of the remote processors. */
  private interface Question<T> {
    T ask(RemoteProcessors found) throws VmcoreException;
  }

  private <T> T ask(DumpBuilder dump, Question<T> question) throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      return question.ask(RemoteProcessors.of(vmcore, Kernel.of(vmcore)));
    }
  }

  private List<RemoteProcessor> all() throws Exception {
    return ask(kernel.dump(), RemoteProcessors::all);
  }

  private static List<String> devices(RemoteProcessors found) {
    return found.all().stream().map(RemoteProcessor::device).toList();
  }

  private static List<String> messages(List<Finding> findings) {
    return findings.stream().map(Finding::message).toList();
  }

  @Test
  void theLastOneRegisteredComesFirst() throws Exception {
    kernel.rproc("dsp", RUNNING);
    long modem = kernel.rproc("modem", CRASHED);
    kernel.crashes(modem, 3, false).dumpMode(modem, INLINE);

    List<RemoteProcessor> all = all();

    assertThat(all)
        .extracting(RemoteProcessor::device)
        .containsExactly("remoteproc1", "remoteproc0");
    RemoteProcessor first = all.getFirst();
    assertThat(first.name()).isEqualTo("modem");
    assertThat(first.firmware()).isEqualTo("firmware.elf");
    assertThat(first.state()).isEqualTo("crashed");
    assertThat(first.dumpMode()).contains("inline");
    assertThat(first.crashCount()).isEqualTo(3);
    assertThat(first.isRecoveryEnabled()).isFalse();
    assertThat(first.references()).isEqualTo(3);
    assertThat(first.power()).isEqualTo(1);
    assertThat(first.bootAddress()).isEqualTo(0x1000_0040);
    assertThat(first.elfClass()).hasValue(2);
    assertThat(first.machine()).hasValue(183);
    assertThat(all.getLast().isRecoveryEnabled()).isTrue();
    assertThat(all.getLast().dumpMode()).contains("disabled");
  }

  @Test
  void aStateWithoutANameIsANumber() throws Exception {
    kernel.rproc("dsp", 77);

    assertThat(all().getFirst().state()).isEqualTo("77");
  }

  @Test
  void segmentsAndCarveoutsInTheirOrder() throws Exception {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.segment(dsp, 0x1_2345_6789L, 17).segment(dsp, 0x2000, 0, DUMP);
    kernel.carveout(dsp, "é x", 0xffff_f000L, TEXT).carveout(dsp, "", 0x1000, TEXT);

    RemoteProcessor rproc = all().getFirst();

    assertThat(rproc.segments())
        .extracting(DumpSegment::da, DumpSegment::size, DumpSegment::dump, DumpSegment::isCustom)
        .containsExactly(tuple(0x1_2345_6789L, 17L, 0L, false), tuple(0x2000L, 0L, DUMP, true));
    assertThat(rproc.carveouts()).extracting(Carveout::name).containsExactly("é x", "");
    assertThat(rproc.carveouts().getFirst().da()).isEqualTo(0xffff_f000L);
    assertThat(rproc.carveouts().getFirst().size()).isEqualTo(0x1001);
    assertThat(rproc.carveouts().getFirst().dma()).isEqualTo(0x5000_0000L);
  }

  @Test
  void withoutTheSymbolADeviceLeadsIntoTheList() throws Exception {
    RemoteprocKernel bare = RemoteprocKernel.withoutSymbol();
    bare.rproc("dsp", RUNNING);
    bare.rproc("modem", OFFLINE);
    bare.rproc("gpu", OFFLINE);

    List<String> found = ask(bare.dump(), RemoteProcessorsTest::devices);

    assertThat(found).containsExactly("remoteproc2", "remoteproc1", "remoteproc0");
  }

  @Test
  void withoutTheSymbolAndWithoutDevicesThereIsNone() throws Exception {
    RemoteprocKernel bare = RemoteprocKernel.withoutSymbol();

    assertThat(ask(bare.dump(), RemoteProcessors::all)).isEmpty();
    assertThat(ask(bare.dump(), RemoteProcessors::absence)).isEqualTo("no remote processors");
  }

  @Test
  void theListsHeadCanBeGiven() throws Exception {
    RemoteprocKernel bare = RemoteprocKernel.withoutSymbol();
    bare.rproc("dsp", RUNNING);

    try (Vmcore vmcore = Vmcore.open(bare.dump().writeTo(folder.resolve("vmcore")))) {
      RemoteProcessors found = RemoteProcessors.of(vmcore, Kernel.of(vmcore), LIST);

      assertThat(devices(found)).containsExactly("remoteproc0");
    }
  }

  @Test
  void aKernelWithoutTheirTypesHasNone() throws Exception {
    LinkedKernel other = new LinkedKernel();

    assertThat(ask(other.dump(), RemoteProcessors::all)).isEmpty();
    assertThat(ask(other.dump(), RemoteProcessors::absence))
        .isEqualTo("the kernel has no remote processors: its types have no struct rproc");
  }

  @Test
  void withoutAnyTypesNothingCanBeSaid() throws Exception {
    DumpBuilder bare = new KernelDump().dump();

    assertThat(ask(bare, RemoteProcessors::all)).isEmpty();
    assertThat(ask(bare, RemoteProcessors::absence))
        .isEqualTo("nothing tells of the kernel's types");
    assertThat(ask(bare, RemoteProcessors::gaps)).isNotEmpty();
  }

  @Test
  void whereNothingLeadsToTheListThatIsSaid() throws Exception {
    RemoteprocKernel bare = RemoteprocKernel.withoutSymbol();
    bare.rproc("dsp", RUNNING);
    bare.linked().memory().u64(LIST + 0x10, 0); // kernel_kobj

    assertThat(ask(bare.bent(), RemoteProcessors::all)).isEmpty();
    assertThat(ask(bare.bent(), RemoteProcessors::absence))
        .startsWith("nothing tells where rproc_list is: --list ADDR");
  }

  @Test
  void aTornListIsFollowedFromItsOtherEndAndByDevices() throws Exception {
    kernel.rproc("a", RUNNING);
    long second = kernel.rproc("b", RUNNING);
    long third = kernel.rproc("c", RUNNING);
    kernel.rproc("d", RUNNING);
    kernel.linked().memory().u64(third, 0x1111).u64(second + 8, 0x2222);

    ask(
        kernel.bent(),
        found -> {
          assertThat(devices(found))
              .containsExactly("remoteproc3", "remoteproc2", "remoteproc1", "remoteproc0");
          assertThat(messages(found.gaps())).first().asString().contains("the list breaks off");
          return true;
        });
  }

  @Test
  void aListThatLeadsIntoItselfEnds() throws Exception {
    long first = kernel.rproc("a", RUNNING);
    long second = kernel.rproc("b", RUNNING);
    kernel.linked().memory().u64(first, second);

    ask(
        kernel.bent(),
        found -> {
          assertThat(devices(found)).containsExactly("remoteproc1", "remoteproc0");
          assertThat(found.gaps()).extracting(Finding::severity).contains(Severity.ERROR);
          return true;
        });
  }

  @Test
  void aTornListOfSegmentsKeepsWhatIsInFront() throws Exception {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.segment(dsp, 0x1000, 1).segment(dsp, 0x2000, 2);
    kernel.linked();
    kernel.memory().u64(dsp + 160, 0x3333);

    ask(
        kernel.bent(),
        found -> {
          assertThat(found.all().getFirst().segments()).hasSize(2);
          assertThat(messages(found.gaps()))
              .singleElement()
              .asString()
              .startsWith(
                  "remoteproc0: segments: the list breaks off after 0 nodes, and 2 are found");
          return true;
        });
  }

  @Test
  void aGhostAndItsSuccessorHaveTheSameName() throws Exception {
    long dsp = kernel.rproc("dsp", RUNNING);
    long parent = kernel.vdev(dsp);
    long living = kernel.virtio(parent, "virtio3", 3, true);
    long ghost = kernel.virtio(parent, "virtio3", 1, false);
    kernel.queue(dsp, living);

    RemoteProcessor rproc = all().getFirst();

    assertThat(rproc.virtioDevices())
        .extracting(VirtioDevice::address, VirtioDevice::name, VirtioDevice::isGhost)
        .containsExactly(tuple(living, "virtio3", false), tuple(ghost, "virtio3", true));
    assertThat(rproc.ghosts()).extracting(VirtioDevice::references).containsExactly(1L);
    assertThat(rproc.virtioDevices().getFirst().queues()).isEqualTo(1);
    assertThat(rproc.virtioDevices().getFirst().parentReferences()).isEqualTo(6);
    Vdev vdev = rproc.vdevs().getFirst();
    assertThat(vdev.device()).startsWith("rproc-virtio.");
    assertThat(vdev.id()).isEqualTo(7);
    assertThat(vdev.vrings()).hasSize(2);
    assertThat(vdev.vrings().getFirst().virtqueue()).isNotZero();
    assertThat(vdev.vrings().getLast()).isEqualTo(new Vring(16, 4096, 1, 0));
  }

  @Test
  void aDeviceThatWasLetGoIsNoGhost() throws Exception {
    long dsp = kernel.rproc("dsp", OFFLINE);
    long parent = kernel.vdev(dsp);
    kernel.virtio(parent, "virtio3", 0, false);
    long copy = kernel.virtio(parent, "virtio4", 1, false);
    kernel.linked().memory().u64(copy + 72 + 8, copy); // its list leads elsewhere

    assertThat(ask(kernel.bent(), RemoteProcessors::all).getFirst().virtioDevices()).isEmpty();
  }

  @Test
  void aGhostWhoseRemoteProcessorIsGoneIsTold() throws Exception {
    kernel.rproc("dsp", RUNNING);
    long gone = kernel.room(64);
    kernel.virtio(gone, "virtio9", 1, false);

    ask(
        kernel.dump(),
        found -> {
          assertThat(messages(found.gaps()))
              .singleElement()
              .asString()
              .startsWith("virtio9 at 0x")
              .endsWith("is of no remote processor in the list");
          return true;
        });
  }

  @Test
  void whatMayBeSearchedIsLimited() throws Exception {
    kernel.rproc("dsp", RUNNING);
    Path file = kernel.dump().writeTo(folder.resolve("vmcore"));
    OpenOptions options =
        OpenOptions.builder().search(new Search(0x1000, Search.DEFAULT.listener())).build();

    try (Vmcore vmcore = Vmcore.open(file, options)) {
      Kernel whole = Kernel.of(vmcore, Search.DEFAULT);

      assertThat(messages(RemoteProcessors.of(vmcore, whole).gaps()))
          .singleElement()
          .asString()
          .startsWith("virtio devices: memory is not searched from");
    }
  }

  @Test
  void aCopiedCoredump() throws Exception {
    long dsp = kernel.rproc("dsp", RUNNING);
    kernel.dumpMode(dsp, ENABLED).copied(dsp, "devcd8", TEXT);
    kernel.rproc("other", RUNNING);

    byte[] bytes =
        ask(
            kernel.dump(),
            found -> {
              RemoteProcessor rproc = found.all().getLast();
              PendingCoredump pending = rproc.coredumps().getFirst();
              assertThat(found.all().getFirst().coredumps()).isEmpty();
              assertThat(pending.name()).isEqualTo("devcd8");
              assertThat(pending.form()).isEqualTo(Form.COPIED);
              CoredumpImage image = found.image(rproc, pending);
              assertThat(image.size()).isEqualTo(TEXT.length);
              return Reading.bytes(image.memory(), image.start(), image.size());
            });

    assertThat(bytes).isEqualTo(TEXT);
  }

  @Test
  void anInlineCoredumpIsPutTogether() throws Exception {
    long dsp = kernel.rproc("dsp", OFFLINE);
    kernel.segment(dsp, 0x2000, 16).segment(dsp, 0x9000, 3).segment(dsp, 0x2010, 8);
    byte[] header = kernel.header(dsp);
    int start = header.length;
    kernel.carveout(dsp, "text", 0x2000, TEXT).inline(dsp, "devcd9");

    byte[] bytes =
        ask(
            kernel.dump(),
            found -> {
              RemoteProcessor rproc = found.all().getFirst();
              PendingCoredump pending = rproc.coredumps().getFirst();
              assertThat(pending.form()).isEqualTo(Form.INLINE);
              assertThat(rproc.sizeOf(pending)).isEqualTo(start + 27);
              CoredumpImage image = found.image(rproc, pending);
              assertThat(image.gaps()).isEmpty();
              return Reading.bytes(image.memory(), image.start(), image.size());
            });

    assertThat(bytes).startsWith(header).hasSize(start + 27);
    byte[] data = Arrays.copyOfRange(bytes, start, bytes.length);
    assertThat(Arrays.copyOf(data, 16)).isEqualTo(Arrays.copyOf(TEXT, 16));
    assertThat(Arrays.copyOfRange(data, 16, 19)).containsOnly(0xff);
    assertThat(Arrays.copyOfRange(data, 19, 27)).isEqualTo(Arrays.copyOfRange(TEXT, 16, 24));
  }

  @Test
  void whatOnlyTheDriverKnowsIsLost() throws Exception {
    long dsp = kernel.rproc("dsp", OFFLINE);
    kernel.withOwnMapping(dsp).segment(dsp, 0x9000, 3).segment(dsp, 0x2000, 5, DUMP);
    kernel.inline(dsp, "devcd9");

    ask(
        kernel.dump(),
        found -> {
          RemoteProcessor rproc = found.all().getFirst();
          CoredumpImage image = found.image(rproc, rproc.coredumps().getFirst());
          assertThat(messages(image.gaps()))
              .containsExactly(
                  "segment 0 (3 bytes at offset 0xb0, device address 0x9000) is, at least in part, in"
                      + " no carveout: only its driver's own function (da_to_va) tells where",
                  "segment 1 (5 bytes at offset 0xb3, device address 0x2000) is copied by its"
                      + " driver's own function, which can't be run");
          assertThat(image.memory().extentAt(0xb0).state()).isEqualTo(PageState.LOST);
          assertThat(image.memory().lossAt(0xb0)).contains(image.gaps().getFirst());
          return true;
        });
  }

  @Test
  void aCoredumpLargerThanMemoryIsRefused() throws Exception {
    long dsp = kernel.rproc("dsp", RUNNING);
    long entry = kernel.coredump(dsp, "devcd1", 0, 0, 0);
    kernel.memory().u64(entry + 64, -1);

    ask(
        kernel.dump(),
        found -> {
          RemoteProcessor rproc = found.all().getFirst();
          PendingCoredump pending = rproc.coredumps().getFirst();
          assertThat(pending.form()).isEqualTo(Form.OTHER);
          assertThatThrownBy(() -> found.image(rproc, pending))
              .hasMessageContaining(
                  "devcd1: it has 0xffffffffffffffff bytes, more than all of memory");
          return true;
        });
  }

  @Test
  void segmentsThatAreTogetherLargerThanMemoryAreRefused() throws Exception {
    long dsp = kernel.rproc("dsp", OFFLINE);
    kernel.segment(dsp, 0, 0x3_0000).segment(dsp, 0, Long.MAX_VALUE);
    kernel.inline(dsp, "devcd1", new byte[8]);

    ask(
        kernel.dump(),
        found -> {
          RemoteProcessor rproc = found.all().getFirst();
          assertThatThrownBy(() -> found.image(rproc, rproc.coredumps().getFirst()))
              .hasMessageContaining("more than all of memory");
          return true;
        });
  }

  @Test
  void anInlineCoredumpOfAnotherRemoteProcessorIsRefused() throws Exception {
    long dsp = kernel.rproc("dsp", OFFLINE);
    long state = kernel.inline(dsp, "devcd1", new byte[8]);
    kernel.memory().u64(state, LIST);

    ask(
        kernel.dump(),
        found -> {
          RemoteProcessor rproc = found.all().getFirst();
          assertThatThrownBy(() -> found.image(rproc, rproc.coredumps().getFirst()))
              .hasMessageContaining("devcd1: it is of another remote processor than its device");
          return true;
        });
  }
}
