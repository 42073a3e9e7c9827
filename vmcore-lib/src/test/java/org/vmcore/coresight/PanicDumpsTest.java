package org.vmcore.coresight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.CoresightKernel.HEAD;
import static org.vmcore.testing.CoresightKernel.LAST_PAGE;
import static org.vmcore.testing.CoresightKernel.LIST;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.testing.CoresightKernel;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.Reading;

class PanicDumpsTest {
  private static final byte[] TRACE = DumpBuilder.pattern(7, 5000);
  private static final long NOWHERE = 0xffff_9000_0000_0000L;

  @TempDir Path folder;

  private CoresightKernel kernel = new CoresightKernel();

  private PanicDumps read() throws Exception {
    return read(PanicDumps.MAX_NODES);
  }

  private PanicDumps read(int most) throws Exception {
    try (Vmcore vmcore = Vmcore.open(kernel.dump().writeTo(folder.resolve("vmcore")))) {
      return PanicDumps.read(Kernel.of(vmcore), HEAD, most);
    }
  }

  private long node(int cpu) {
    return kernel.node(cpu, 1, 0, kernel.kmalloc(TRACE), TRACE.length);
  }

  private static List<Integer> cpus(PanicDumps dumps) {
    return dumps.nodes().stream().map(node -> node.cpu().orElseThrow()).toList();
  }

  private static String line(PanicDumps dumps) {
    assertThat(dumps.findings()).hasSize(1);
    assertThat(dumps.findings().getFirst().severity()).isEqualTo(Finding.Severity.ERROR);
    return dumps.findings().getFirst().message();
  }

  @Test
  void nodesComeInTheListsOrderWithWhatTheyTell() throws Exception {
    long first = kernel.node(0, 1, 0, kernel.kmalloc(TRACE), TRACE.length);
    long second = kernel.node(3, 2, 0, kernel.vmalloc(TRACE, 0x123), TRACE.length);
    kernel.list(second, first);
    PanicDumps dumps = read();
    assertThat(cpus(dumps)).containsExactly(3, 0);
    DumpNode node = dumps.nodes().getLast();
    assertThat(node.address()).isEqualTo(first);
    assertThat(node.type()).hasValue(1);
    assertThat(node.typeName()).hasValue("PANIC");
    assertThat(node.size()).isEqualTo(5000);
    assertThat(node.obstacle()).isEmpty();
    assertThat(dumps.nodes().getFirst().typeName()).isEmpty();
    assertThat(dumps.findings()).isEmpty();
    assertThat(dumps.isTyped()).isTrue();
  }

  @Test
  void aBufferInVmallocSpaceIsReadFromItsPages() throws Exception {
    kernel.list(kernel.node(3, 1, 0, kernel.vmalloc(TRACE, 0x123), TRACE.length));
    try (Vmcore vmcore = Vmcore.open(kernel.dump().writeTo(folder.resolve("vmcore")))) {
      Kernel of = Kernel.of(vmcore);
      DumpNode node = PanicDumps.read(of, HEAD, 1).nodes().getFirst();
      assertThat(Reading.bytes(of.memory(), node.buffer(), TRACE.length)).isEqualTo(TRACE);
    }
  }

  @Test
  void anEmptyListHasNoNodes() throws Exception {
    assertThat(read().nodes()).isEmpty();
    assertThat(read().findings()).isEmpty();
  }

  @Test
  void aDeviceTellsNameKindAndWhetherItPointsBack() throws Exception {
    long node = node(0);
    long other = node(1);
    kernel.device("tmc_etf0", 3, node);
    long device = kernel.device("tmc_etr0", 1, other);
    kernel.memory().u64(CoresightKernel.image(device) + 32, node);
    kernel.list(node, other);
    List<DumpNode> nodes = read().nodes();
    assertThat(nodes.getFirst().device())
        .hasValue(
            new CoresightDevice(
                Optional.of("tmc_etf0"), Optional.of("link-sink"), Optional.of(true), Map.of()));
    assertThat(nodes.getLast().device().orElseThrow().pointsBack()).hasValue(false);
    assertThat(nodes.getLast().obstacle()).isEmpty();
  }

  @Test
  void aConfigurationThatIsNotThePresentOneIsTold() throws Exception {
    long node =
        kernel.node(2, 0, 0, kernel.kmalloc(CoresightKernel.etm4Config(2, 0x1008, 0x10)), 72);
    kernel.etm4(kernel.device("etm2", 4, node), 0x18, 0x10).list(node);
    DumpNode source = read().nodes().getFirst();
    assertThat(source.config().orElseThrow().kind()).isEqualTo("ETM4");
    assertThat(source.config().orElseThrow().registers())
        .containsEntry("TRCCONFIGR", 0x1008L)
        .containsEntry("TRCIDR0", 0x2800_0ea1L)
        .containsEntry("TRCAUTHSTATUS", 0xccL);
    assertThat(source.differences()).containsExactly("TRCCONFIGR was 0x1008, is now 0x18");
    assertThat(source.isTrace()).isFalse();
  }

  @Test
  void whatWasNeverUpdatedIsNoDamage() throws Exception {
    kernel.list(kernel.node(0, 1, 0, 0, 0), kernel.node(1, 1, 0, kernel.kmalloc(TRACE), 0));
    List<DumpNode> nodes = read().nodes();
    assertThat(nodes.getFirst().obstacle()).hasValue("it was never updated: its buffer is NULL");
    assertThat(nodes.getLast().obstacle()).hasValue("its size is 0");
    assertThat(nodes).noneMatch(DumpNode::isBroken);
  }

  @Test
  void aSizeThatNoSinkHasIsDamage() throws Exception {
    kernel.list(kernel.node(0, 1, 0, kernel.kmalloc(TRACE), 0xffff_ffffL), node(1));
    PanicDumps dumps = read();
    assertThat(cpus(dumps)).containsExactly(0, 1);
    assertThat(dumps.nodes().getFirst().isBroken()).isTrue();
    assertThat(dumps.nodes().getFirst().obstacle().orElseThrow())
        .endsWith("has a size of 0xffffffff, more than 1 GiB");
  }

  @Test
  void aSizeAboveTheMemorysIsDamage() throws Exception {
    long buffer = kernel.kmalloc(TRACE);
    kernel.list(kernel.node(0, 1, 0, buffer, 0x20_0001), kernel.node(1, 1, 0, buffer, 0x20_0000));
    List<DumpNode> nodes = read().nodes();
    assertThat(nodes.getFirst().obstacle().orElseThrow())
        .endsWith(" has a size of 0x200001, more than the memory's 0x200000");
    assertThat(nodes.getFirst().isBroken()).isTrue();
    assertThat(nodes.getLast().obstacle()).isEmpty();
  }

  @Test
  void aBadPointerToTheBufferIsDamage() throws Exception {
    kernel.list(kernel.node(0, 1, 0, NOWHERE, 16), kernel.node(1, 1, 0, -8, 16));
    List<DumpNode> nodes = read().nodes();
    assertThat(nodes).allMatch(DumpNode::isBroken);
    assertThat(nodes.getFirst().obstacle().orElseThrow())
        .startsWith("its buffer at 0xffff900000000000: ");
    assertThat(nodes.getLast().obstacle())
        .hasValue("its buffer at 0xfffffffffffffff8 reaches past 2^64");
  }

  @Test
  void aDeviceThatIsGoneIsSaid() throws Exception {
    kernel.list(kernel.node(0, 1, NOWHERE, kernel.kmalloc(TRACE), 16));
    DumpNode node = read().nodes().getFirst();
    assertThat(node.obstacle().orElseThrow())
        .startsWith("its device is gone: csdev 0xffff900000000000: ");
    assertThat(node.isBroken()).isTrue();
  }

  @Test
  void aDeviceThatIsGoneIsSaidWithoutABufferToo() throws Exception {
    kernel.list(kernel.node(0, 1, NOWHERE, 0, 0));
    DumpNode node = read().nodes().getFirst();
    assertThat(node.obstacle().orElseThrow())
        .startsWith(
            "it was never updated: its buffer is NULL;"
                + " its device is gone: csdev 0xffff900000000000: ");
    assertThat(node.isBroken()).isTrue();
  }

  @Test
  void badNextPointersLeaveTheNodesOfBothEnds() throws Exception {
    long[] nodes = {node(0), node(1), node(2), node(3)};
    for (long bad : new long[] {0, 0xdead_0000_0000_0100L, NOWHERE, HEAD + 0x800, -1}) {
      kernel.list(nodes).next(nodes[1] + LIST, bad);
      PanicDumps dumps = read();
      assertThat(cpus(dumps)).containsExactly(0, 1, 2, 3);
      assertThat(line(dumps)).startsWith("the list is torn behind 2 nodes: ");
      assertThat(line(dumps)).endsWith("; 2 nodes more from its other end");
    }
  }

  @Test
  void badPreviousPointersAreTold() throws Exception {
    long[] nodes = {node(0), node(1), node(2)};
    for (long bad : new long[] {0, 0xdead_0000_0000_0122L, NOWHERE, -1}) {
      kernel.list(nodes).previous(nodes[1] + LIST, bad);
      PanicDumps dumps = read();
      assertThat(cpus(dumps)).containsExactly(0, 1, 2);
      assertThat(line(dumps)).contains("leads back to");
    }
  }

  @Test
  void aLinkIntoAnotherListTakesNoneOfIt() throws Exception {
    long[] nodes = {node(0), node(1), node(2)};
    long[] others = {node(11), node(12), kernel.node(13, 1, 0, 0, 0), node(14)};
    kernel.list(others);
    kernel.next(others[3] + LIST, others[0] + LIST).previous(others[0] + LIST, others[3] + LIST);
    for (long other : others) {
      kernel.list(nodes).next(nodes[0] + LIST, other + LIST);
      assertThat(cpus(read())).containsExactly(0, 1, 2);
      assertThat(line(read())).startsWith("the list is torn behind 1 node: ");
      kernel.previous(HEAD, NOWHERE);
      assertThat(cpus(read())).containsExactly(0);
    }
  }

  @Test
  void aLinkToWhatHasNeitherDeviceNorBufferIsNone() throws Exception {
    long[] nodes = {node(0), node(1)};
    long other = kernel.node(11, 1, 0, 0, 0);
    kernel.next(other + LIST, HEAD).list(nodes).next(nodes[0] + LIST, other + LIST);
    assertThat(cpus(read())).containsExactly(0, 1);
  }

  @Test
  void whereNoLinkLeadsBackTheListThatClosesIsTaken() throws Exception {
    long[] nodes = {node(0), kernel.node(1, 1, 0, kernel.kmalloc(TRACE), 0xffff_ffffL), node(2)};
    kernel.list(nodes).previous(HEAD, NOWHERE);
    for (long node : nodes) {
      kernel.previous(node + LIST, NOWHERE);
    }
    assertThat(cpus(read())).containsExactly(0, 1, 2);
    assertThat(line(read())).startsWith("the list is torn at its head: ");
    kernel.list(nodes).next(HEAD, NOWHERE);
    for (long node : nodes) {
      kernel.next(node + LIST, NOWHERE);
    }
    assertThat(cpus(read())).containsExactly(0, 1, 2);
  }

  @Test
  void aNodeWhoseLinksAreBothBadIsFoundFromBothEnds() throws Exception {
    long[] nodes = {node(0), node(1), node(2)};
    kernel.list(nodes).next(nodes[1] + LIST, HEAD + 0x800).previous(nodes[1] + LIST, HEAD + 0x800);
    assertThat(cpus(read())).containsExactly(0, 1, 2);
  }

  @Test
  void aNodeThatWasHalfAddedAtTheEndIsFound() throws Exception {
    long[] nodes = {node(0), node(1)};
    long added = node(2);
    kernel.list(nodes).previous(HEAD, added + LIST);
    assertThat(cpus(read())).containsExactly(0, 1, 2);
    kernel.next(added + LIST, HEAD);
    assertThat(cpus(read())).containsExactly(0, 1, 2);
    kernel.previous(added + LIST, nodes[1] + LIST);
    assertThat(cpus(read())).containsExactly(0, 1, 2);
    assertThat(line(read())).startsWith("the list is torn behind 2 nodes: ");
    assertThat(line(read())).endsWith("; 1 node more from its other end");
  }

  @Test
  void aNodeThatWasHalfAddedAtTheStartStandsThere() throws Exception {
    long first = node(0);
    long added = node(2);
    kernel.list(first).previous(first + LIST, added + LIST);
    kernel.next(added + LIST, first + LIST).previous(added + LIST, HEAD);
    assertThat(cpus(read())).containsExactly(2, 0);
  }

  @Test
  void aNodeThatWasHalfRemovedIsFound() throws Exception {
    long[] nodes = {node(0), node(1), node(2)};
    kernel.list(nodes).previous(nodes[2] + LIST, nodes[0] + LIST);
    assertThat(cpus(read())).containsExactly(0, 1, 2);
    assertThat(line(read())).doesNotContain("other end");
  }

  @Test
  void aCycleEnds() throws Exception {
    long[] nodes = {node(0), node(1), node(2)};
    kernel.list(nodes).next(nodes[2] + LIST, nodes[1] + LIST);
    kernel.previous(HEAD, nodes[0] + LIST);
    assertThat(cpus(read())).containsExactly(0, 1, 2);
    kernel.list(nodes).next(nodes[0] + LIST, nodes[0] + LIST);
    assertThat(cpus(read())).containsExactly(0, 1, 2);
    assertThat(line(read())).contains("leads back");
  }

  @Test
  void aLongListIsBounded() throws Exception {
    long[] nodes = new long[100];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = kernel.node(i, 1, 0, 0, 0);
    }
    kernel.list(nodes);
    PanicDumps dumps = read(10);
    assertThat(dumps.nodes()).hasSize(10);
    assertThat(dumps.isMore()).isTrue();
    assertThat(read(100).isMore()).isFalse();
  }

  @Test
  void aTornListIsBoundedToo() throws Exception {
    long[] nodes = {node(0), node(1), node(2), node(3)};
    kernel.list(nodes).next(nodes[0] + LIST, NOWHERE);
    for (int most = 1; most < nodes.length; most++) {
      assertThat(cpus(read(most))).containsExactlyElementsOf(List.of(0, 1, 2).subList(0, most));
      assertThat(read(most).isMore()).isTrue();
    }
    assertThat(read(4).nodes()).hasSize(4);
    assertThat(read(4).isMore()).isFalse();
  }

  @Test
  void excludedNodesEndTheListFromBothSides() throws Exception {
    long hidden = kernel.nodeAt(LAST_PAGE, 7, 1, 0, 0, 0);
    kernel.list(node(0), node(1), hidden, node(2));
    kernel.memory().excludedFrom(CoresightKernel.image(LAST_PAGE));
    PanicDumps dumps = read();
    assertThat(cpus(dumps)).containsExactly(0, 1, 2);
    assertThat(line(dumps)).contains("excluded from the dump");
  }

  @Test
  void ofABufferThatIsPartlyExcludedTheRangeIsTold() throws Exception {
    long buffer = LAST_PAGE - 0x100;
    kernel.list(kernel.node(0, 1, 0, buffer, 0x300));
    kernel.memory().excludedFrom(CoresightKernel.image(LAST_PAGE));
    try (Vmcore vmcore = Vmcore.open(kernel.dump().writeTo(folder.resolve("vmcore")))) {
      Kernel of = Kernel.of(vmcore);
      assertThat(PanicDumps.read(of, HEAD, 1).nodes().getFirst().obstacle()).isEmpty();
      List<Extent> missing = MissingBytes.of(of.memory(), buffer, 0x300);
      assertThat(missing).extracting(Extent::start).containsExactly(LAST_PAGE);
      assertThat(MissingBytes.count(missing)).isEqualTo(0x200);
    }
  }

  @Test
  void withoutTypesTheNameOfTheListTellsTheLayout() throws Exception {
    kernel = CoresightKernel.untyped("coresight_kdump_list");
    kernel.list(node(5));
    PanicDumps dumps = read();
    assertThat(dumps.isTyped()).isFalse();
    assertThat(dumps.layout()).startsWith("coresight_kdump_node");
    assertThat(dumps.nodes().getFirst().type()).isEmpty();
    assertThat(dumps.nodes().getFirst().size()).isEqualTo(5000);
    kernel = CoresightKernel.untyped("coresight_dump_list");
    kernel.list(node(5));
    assertThat(read().layout()).startsWith("coresight_dump_node");
    assertThat(read().nodes().getFirst().type()).hasValue(1);
  }

  @Test
  void withoutTypesAndNameATypeTellsTheLayout() throws Exception {
    kernel = CoresightKernel.untyped("some_list");
    kernel.list(node(5));
    assertThat(read().nodes().getFirst().type()).hasValue(1);
  }
}
