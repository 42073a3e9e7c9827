package org.vmcore.fdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

public class ChosenNodeTest {
  private static final AddressRange HEADERS = AddressRange.ofSize(0x537ff000, 0x400);
  private static final AddressRange REGION = AddressRange.inclusive(0x4d800000, 0x537fffff);
  private static final AddressRange LOW = AddressRange.ofSize(0x42000000, 0x800000);

  private static TreeNode root(int addressCells, int sizeCells, TreeItem... items) {
    return TreeNode.of("", items)
        .with(TreeProperty.cell("#size-cells", sizeCells))
        .with(TreeProperty.cell("#address-cells", addressCells));
  }

  private static DeviceTree set(TreeNode root) throws VmcoreException {
    return ChosenNode.set("dtb", DeviceTree.of(root), HEADERS, List.of(REGION, LOW));
  }

  private static byte[] value(DeviceTree tree, String name) {
    return tree.root().child("chosen").orElseThrow().property(name).orElseThrow().value();
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 8", "1, 2, 12", "2, 1, 12", "2, 2, 16"})
  void rangesAreWrittenInTheRootsCells(int address, int size, int bytes) throws Exception {
    DeviceTree tree = set(root(address, size));
    assertThat(value(tree, "linux,elfcorehdr")).hasSize(bytes);
    assertThat(value(tree, "linux,usable-memory-range")).hasSize(2 * bytes);
    assertThat(ChosenNode.elfcorehdr("dtb", tree)).contains(HEADERS);
    assertThat(ChosenNode.usableMemory("dtb", tree)).containsExactly(REGION, LOW);
    assertThat(tree.reservations()).containsExactly(new DeviceTree.Reservation(0x537ff000, 0x400));
  }

  @Test
  void missingCellsAreTwoAndOne() throws Exception {
    DeviceTree tree = set(TreeNode.of(""));
    assertThat(value(tree, "linux,elfcorehdr"))
        .containsExactly(0, 0, 0, 0, 0x53, 0x7f, 0xf0, 0, 0, 0, 4, 0);
  }

  @Test
  void oldPropertiesAreReplacedInTheirPlaceAndTheReservationIsNotAddedTwice() throws Exception {
    TreeNode chosen =
        TreeNode.of(
            "chosen",
            TreeProperty.text("bootargs", "panic=1"),
            TreeProperty.of("linux,elfcorehdr", (byte) 1),
            TreeNop.NOP,
            TreeProperty.of("linux,usable-memory-range"));
    DeviceTree tree = set(root(2, 2, TreeNode.of("memory@0"), chosen, TreeNode.of("cpus")));
    assertThat(tree.root().items().subList(2, 5))
        .extracting(item -> ((TreeNode) item).name())
        .containsExactly("memory@0", "chosen", "cpus");
    assertThat(tree.root().child("chosen").orElseThrow().items())
        .extracting(item -> item instanceof TreeProperty p ? p.name() : "nop")
        .containsExactly("bootargs", "linux,elfcorehdr", "nop", "linux,usable-memory-range");
    DeviceTree again = ChosenNode.set("dtb", tree, HEADERS, List.of(REGION, LOW));
    assertThat(again).isEqualTo(tree);
  }

  @Test
  void newPropertiesStandWhereLibfdtPutsThem() throws Exception {
    TreeNode chosen = TreeNode.of("chosen", TreeProperty.text("bootargs", "panic=1"));
    assertThat(set(root(2, 2, chosen)).root().child("chosen").orElseThrow().items())
        .extracting(item -> ((TreeProperty) item).name())
        .containsExactly("linux,usable-memory-range", "linux,elfcorehdr", "bootargs");
    assertThat(set(root(2, 2, TreeNode.of("cpus"))).root().items())
        .extracting(item -> item instanceof TreeNode n ? n.name() : "property")
        .containsExactly("property", "property", "chosen", "cpus");
  }

  @Test
  void withoutACrashKernelsRegionTheUsableMemoryStaysAsItIs() throws Exception {
    DeviceTree tree = set(root(2, 2));
    assertThat(ChosenNode.set("dtb", tree, HEADERS, List.of())).isEqualTo(tree);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "3, 1", "2, 0", "2, 3", "-1, 1"})
  void otherCountsOfCellsAreRefused(int address, int size) {
    assertThatThrownBy(() -> set(root(address, size)))
        .isInstanceOf(VmcoreException.class)
        .hasMessageContaining("only 1 or 2 cells");
  }

  @Test
  void aCountOfCellsThatIsNoCellIsRefused() {
    TreeNode root = TreeNode.of("", TreeProperty.of("#address-cells", (byte) 2));
    assertThatThrownBy(() -> set(root)).hasMessageContaining("#address-cells = [02]: only 1 or 2");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 100000000, 1000",
    "1, 2, fffff000, 1001",
    "1, 1, fffffffff0000000, 1000",
    "2, 1, 0, 100000000",
    "1, 2, 0, 100000001",
  })
  void whatDoesNotFitTheCellsIsRefusedAsTheKernelDoes(
      int address, int size, String start, String length) {
    AddressRange range =
        AddressRange.ofSize(Long.parseUnsignedLong(start, 16), Long.parseLong(length, 16));
    DeviceTree tree = DeviceTree.of(root(address, size));
    assertThatThrownBy(() -> ChosenNode.set("dtb", tree, range, List.of()))
        .isInstanceOf(VmcoreException.class)
        .hasMessageStartingWith(
            "dtb: Crash memory region doesn't fit into DT's root cell sizes: 0x");
    assertThatThrownBy(() -> ChosenNode.set("dtb", tree, HEADERS, List.of(range)))
        .isInstanceOf(VmcoreException.class);
  }

  @Test
  void theLastAddressesFit() throws Exception {
    AddressRange last = AddressRange.ofSize(0xfffff000L, 0x1000);
    DeviceTree tree = ChosenNode.set("dtb", DeviceTree.of(root(1, 1)), last, List.of());
    assertThat(ChosenNode.elfcorehdr("dtb", tree)).contains(last);
  }

  @Test
  void anElfcorehdrThatIsNoneIsRefused() throws Exception {
    assertThat(ChosenNode.elfcorehdr("dtb", DeviceTree.of(root(2, 2)))).isEmpty();
    for (byte[] value : List.of(new byte[0], new byte[12], new byte[16], new byte[32])) {
      TreeNode chosen = TreeNode.of("chosen", TreeProperty.of("linux,elfcorehdr", value));
      DeviceTree tree = DeviceTree.of(root(2, 2, chosen));
      assertThatThrownBy(() -> ChosenNode.elfcorehdr("dtb", tree))
          .isInstanceOf(VmcoreException.class)
          .hasMessageStartingWith("dtb: /chosen: linux,elfcorehdr: ");
    }
    DeviceTree twice = set(root(2, 2));
    byte[] two = value(twice, "linux,usable-memory-range");
    TreeNode chosen = TreeNode.of("chosen", TreeProperty.of("linux,elfcorehdr", two));
    DeviceTree tree = DeviceTree.of(root(2, 2, chosen));
    assertThatThrownBy(() -> ChosenNode.elfcorehdr("dtb", tree))
        .hasMessageContaining("more than one range");
  }

  @Test
  void dtcReadsWhatIsWritten(@TempDir Path dir) throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/dtc")), "dtc isn't installed");
    DeviceTree tree = set(root(2, 2, TreeNode.of("cpus", TreeNop.NOP)));
    assertThat(DeviceTree.parse("dtb", MemorySegment.ofArray(tree.toBytes())).root())
        .isEqualTo(tree.root());
    assertThat(dtc(Files.write(dir.resolve("dtb"), tree.toBytes())))
        .contains("/memreserve/\t0x00000000537ff000 0x0000000000000400;")
        .contains("linux,elfcorehdr = <0x00 0x537ff000 0x00 0x400>;")
        .contains(
            "linux,usable-memory-range ="
                + " <0x00 0x4d800000 0x00 0x6000000 0x00 0x42000000 0x00 0x800000>;")
        .contains("cpus {");
  }

  /** The file as device tree source. */
  public static String dtc(Path file) throws Exception {
    ProcessBuilder dtc = new ProcessBuilder("dtc", "-I", "dtb", "-O", "dts", file.toString());
    Process process = dtc.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String source =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertThat(process.waitFor()).isZero();
    return source;
  }
}
