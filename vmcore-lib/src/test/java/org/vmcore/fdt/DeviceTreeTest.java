package org.vmcore.fdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.memory.VmcoreException;

class DeviceTreeTest {
  private static final TreeNode SMALL =
      TreeNode.of(
          "",
          TreeProperty.text("model", "a board"),
          TreeNode.of("cpus", TreeProperty.of("dma-coherent")));

  private static DeviceTree parse(byte[] bytes) throws VmcoreException {
    return DeviceTree.parse("dtb", MemorySegment.ofArray(bytes));
  }

  @Test
  void nodesPropertiesAndTheBootCpu() throws Exception {
    DeviceTree tree = parse(FdtBytes.small().build());
    assertThat(tree.root()).isEqualTo(SMALL);
    assertThat(tree.bootCpu()).isEqualTo(3);
    assertThat(tree.reservations()).isEmpty();
    assertThat(tree.root().child("cpus").orElseThrow().property("dma-coherent")).isPresent();
    assertThat(tree.root().property("none")).isEmpty();
    assertThat(tree.root().property("model").orElseThrow())
        .hasToString("model = [61 20 62 6f 61 72 64 00]");
  }

  @Test
  void whatWasReadComesBackByteForByte() throws Exception {
    byte[] small = FdtBytes.small().build();
    assertThat(parse(small).toBytes()).isEqualTo(small);
    byte[] odd =
        FdtBytes.empty()
            .strings("unused\0linux,phandle\0phandle\0phandle\0")
            .begin("")
            .token(DeviceTreeToken.NOP)
            .property(13, "1234")
            .begin("node@1")
            .end()
            .property(7, "5")
            .property(20, "")
            .end()
            .token(DeviceTreeToken.END)
            .build();
    assertThat(parse(odd).toBytes()).isEqualTo(odd);
  }

  @Test
  void bytesBehindAValueAreKeptButNotPartOfIt() throws Exception {
    byte[] clean =
        FdtBytes.empty()
            .strings("a\0")
            .begin("")
            .property(0, "x")
            .end()
            .token(DeviceTreeToken.END)
            .build();
    byte[] dirty = clean.clone();
    dirty[78] = 's'; // QEMU's device trees have such bytes
    assertThat(parse(dirty).toBytes()).isEqualTo(dirty);
    assertThat(parse(dirty).root()).isEqualTo(parse(clean).root());
    assertThat(parse(dirty).root()).hasSameHashCodeAs(parse(clean).root());
  }

  @Test
  void paddingIsKeptWhileTheBlocksFit() throws Exception {
    byte[] padded = new byte[4096];
    byte[] small = FdtBytes.small().with(4, padded.length);
    System.arraycopy(small, 0, padded, 0, small.length);
    DeviceTree tree = parse(padded);
    assertThat(tree.toBytes()).isEqualTo(padded);
    DeviceTree grown = tree.withRoot(tree.root().with(TreeProperty.cell("#size-cells", 1)));
    assertThat(grown.toBytes()).hasSize(small.length + 16 + "#size-cells\0".length());
    assertThat(parse(grown.toBytes()).root()).isEqualTo(grown.root());
    byte[] followed = Arrays.copyOf(FdtBytes.small().build(), 4096);
    assertThat(parse(followed).toBytes()).isEqualTo(FdtBytes.small().build());
  }

  @Test
  void aTreeOfOnesOwn() throws Exception {
    DeviceTree tree =
        DeviceTree.of(SMALL)
            .withReservation(new DeviceTree.Reservation(0x537ff000, 0x400))
            .withReservation(new DeviceTree.Reservation(-4096, 4096))
            .withReservation(new DeviceTree.Reservation(0x537ff000, 0x400));
    DeviceTree again = parse(tree.toBytes());
    assertThat(again.root()).isEqualTo(SMALL);
    assertThat(again.reservations()).isEqualTo(tree.reservations()).hasSize(2);
  }

  @Test
  void aNameMayBeTheEndOfAnother() throws Exception {
    TreeNode root =
        TreeNode.of("", TreeProperty.cell("linux,phandle", 1), TreeProperty.cell("phandle", 1));
    byte[] bytes = DeviceTree.of(root).toBytes();
    assertThat(ByteBuffer.wrap(bytes).getInt(32)).isEqualTo("linux,phandle\0".length());
    assertThat(parse(bytes).root()).isEqualTo(root);
  }

  @Test
  void namesThatCannotBeWrittenAreRefused() {
    assertThatThrownBy(() -> TreeProperty.of("a\0b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> TreeNode.of("\u20ac")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void version16HasNoSizeOfItsStructure() throws Exception {
    byte[] old = FdtBytes.small().version(16, 16).with(36, -1);
    DeviceTree tree = parse(old);
    assertThat(tree.root()).isEqualTo(SMALL);
    assertThat(parse(tree.toBytes()).root()).isEqualTo(SMALL);
    assertThat(parse(FdtBytes.small().version(18, 17).build()).root()).isEqualTo(SMALL);
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource({
    "0, d00dfeee, magic: not a flattened device tree, 0",
    "4, ffffffff, 'totalsize is 4294967295, the file has', 4",
    "4, 20, 'totalsize is 32, the file has', 4",
    "8, 7fffffff, 'off_dt_struct is 0x7fffffff: outside of totalsize', 8",
    "8, 3a, 'off_dt_struct is 58, no multiple of 4', 8",
    "12, ffffffff, 'off_dt_strings is 0xffffffff: outside of totalsize', c",
    "16, 1000, 'off_mem_rsvmap is 0x1000: outside of totalsize', 10",
    "20, 3, 'version is 3, compatible with 16; only 16 and 17 can be read', 14",
    "24, 12, 'version is 17, compatible with 18; only', 14",
    "24, ffffffff, 'version is 17, compatible with -1; only', 14",
    "32, 14, 'size_dt_strings is 0x14: it ends outside of totalsize', 20",
    "36, ffffffff, 'size_dt_struct is 0xffffffff: it ends outside of totalsize', 24",
    "36, 3c, 'the structure block ends without FDT_END', 74",
    "56, 0, unknown token 0x0, 38",
    "56, 2, FDT_END_NODE: no node is open, 38",
    "64, 7, unknown token 0x7, 40",
    "56, 9, FDT_END: there is no root, 38",
    "64, 9, FDT_END: a node has no end, 40",
    "68, ffffffff, 'value of model: read past the end (', 4c",
    "68, 20, FDT_END_NODE: no node is open, 70",
    "72, 13, 'the property''s name is at 0x13 of the strings, which have 19 bytes', 48",
    "72, ffffffff, 'the property''s name is at 0xffffffff of the strings', 48",
  })
  void whatLiesIsRefusedByOffset(int at, String number, String reason, String offset) {
    byte[] bytes = FdtBytes.small().with(at, Integer.parseUnsignedInt(number, 16));
    assertThatThrownBy(() -> parse(bytes))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining(reason)
        .hasMessageStartingWith("dtb: offset 0x" + offset + ":");
  }

  @Test
  void unterminatedStrings() {
    assertThatThrownBy(() -> parse(FdtBytes.small().strings("model\0dma-coherent").build()))
        .hasMessageContaining("the property's name has no end");
    FdtBytes node = FdtBytes.empty().token(DeviceTreeToken.BEGIN_NODE).text("abcdefgh");
    assertThatThrownBy(() -> parse(node.build()))
        .hasMessage("dtb: offset 0x3c: the node's name has no end");
    String longName = "x".repeat(256) + "\0";
    FdtBytes property = FdtBytes.empty().strings(longName).begin("").property(0, "");
    assertThatThrownBy(() -> parse(property.build())).hasMessageContaining("more than 255 bytes");
  }

  @Test
  void propertiesAndRootsInTheWrongPlace() {
    FdtBytes outside = FdtBytes.empty().strings("a\0").property(0, "");
    assertThatThrownBy(() -> parse(outside.build())).hasMessageContaining("outside of all nodes");
    FdtBytes twice = FdtBytes.empty().begin("").end().begin("").end().token(DeviceTreeToken.END);
    assertThatThrownBy(() -> parse(twice.build())).hasMessageContaining("a second root");
  }

  @Test
  void aReservationMapWithoutAnEnd() {
    byte[] bytes = FdtBytes.small().with(16, 56);
    assertThatThrownBy(() -> parse(bytes))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("memory reservation: read past the end");
  }

  @Test
  void tenThousandNodesInEachOther() {
    FdtBytes deep = FdtBytes.empty();
    for (int i = 0; i < 10_000; i++) {
      deep.begin("");
    }
    assertThatThrownBy(() -> parse(deep.build()))
        .isInstanceOf(VmcoreException.class)
        .hasMessage("dtb: offset 0x238: FDT_BEGIN_NODE: nodes lie more than 64 deep in each other");
  }

  @Test
  void everyTruncationIsRefusedAndEveryChangedByteReadOrRefused() throws Exception {
    byte[] small = FdtBytes.small().build();
    for (int size = 0; size < small.length; size++) {
      byte[] cut = Arrays.copyOf(small, size);
      assertThatThrownBy(() -> parse(cut)).isInstanceOf(VmcoreException.class);
      if (size >= 8) {
        ByteBuffer.wrap(cut).putInt(4, size);
        parseOrRefuse(cut);
      }
    }
    for (int at = 0; at < small.length; at++) {
      for (int bit = 1; bit < 0x100; bit <<= 1) {
        byte[] changed = small.clone();
        changed[at] ^= (byte) bit;
        parseOrRefuse(changed);
      }
    }
  }

  private static void parseOrRefuse(byte[] bytes) {
    try {
      DeviceTree tree = parse(bytes);
      assertThat(parse(tree.toBytes()).root()).isEqualTo(tree.root());
    } catch (VmcoreException e) {
      assertThat(e.offset()).isPresent();
    }
  }

  @Test
  void filesAreReadAndHugeOnesRefused(@TempDir Path dir) throws Exception {
    Path file = Files.write(dir.resolve("dtb"), FdtBytes.small().build());
    assertThat(DeviceTree.read(file).root()).isEqualTo(SMALL);
    assertThat(List.of(SMALL)).contains(DeviceTree.read(file).root());
    assertThatThrownBy(() -> DeviceTree.read(dir.resolve("none")))
        .isInstanceOf(VmcoreException.class);
  }
}
