package org.vmcore.fdt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

class FirmwareNodesTest {
  private static final TreeNode RTAS =
      TreeNode.of(
          "rtas",
          TreeProperty.cell("linux,rtas-base", 0xfffff000),
          TreeProperty.cell("rtas-size", 0x83c));

  private static TreeProperty number(String name, long value) {
    return TreeProperty.of(name, ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  private static List<AddressRange> memory(TreeItem... items) throws VmcoreException {
    return FirmwareNodes.memory("dtb", DeviceTree.of(TreeNode.of("", items)));
  }

  @Test
  void rtasAndOpal() throws Exception {
    TreeNode opal =
        TreeNode.of(
            "ibm,opal",
            number("opal-base-address", 0x1_3000_0000L),
            number("opal-runtime-size", 0x1a0_0000));

    assertThat(memory(RTAS, opal))
        .containsExactly(
            AddressRange.ofSize(0xfffff000L, 0x83c),
            AddressRange.ofSize(0x1_3000_0000L, 0x1a0_0000));
  }

  @Test
  void noneWithoutTheNodeOrItsProperties() throws Exception {
    assertThat(memory()).isEmpty();
    assertThat(memory(RTAS.without("rtas-size"))).isEmpty();
    assertThat(memory(RTAS.with(TreeProperty.cell("rtas-size", 0)))).isEmpty();
  }

  @Test
  void badPropertiesAreRefused() {
    assertThatThrownBy(() -> memory(RTAS.with(TreeProperty.of("rtas-size", new byte[2]))))
        .isInstanceOf(VmcoreException.class)
        .hasMessage("dtb: /rtas: rtas-size = [00 00]: not a number of 4 bytes");
    assertThatThrownBy(
            () ->
                memory(
                    TreeNode.of(
                        "ibm,opal",
                        number("opal-base-address", -4096),
                        number("opal-runtime-size", 4097))))
        .isInstanceOf(VmcoreException.class)
        .hasMessage("dtb: /ibm,opal: no memory of 0x1001 bytes is at 0xfffffffffffff000");
  }
}
