package org.vmcore.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.arch.Arm64;
import org.vmcore.arch.X86_64;
import org.vmcore.fdt.RootCells;
import org.vmcore.memory.AddressRange;

class BootParametersTest {
  private static final AddressRange HEADERS = AddressRange.ofSize(0x537ff000, 0x400);
  private static final AddressRange REGION = AddressRange.inclusive(0x4d800000, 0x537fffff);
  private static final AddressRange LOW = AddressRange.ofSize(0x2000000, 0x800000);
  private static final RootCells TWO = new RootCells("dtb", 2, 2);

  @Test
  void x86HasABootParameter() throws Exception {
    BootParameters boot =
        new BootParameters(
            X86_64.INSTANCE,
            AddressRange.ofSize(0x1000000, 0x1000),
            List.of(AddressRange.ofSize(0x1000000, 0x6000000)));
    assertThat(boot.commandLine()).isEqualTo("elfcorehdr=0x1000000");
    assertThat(boot.parameterWithSize()).isEqualTo("elfcorehdr=0x1000@0x1000000");
    assertThat(boot.chosen(TWO)).isEmpty();
  }

  @Test
  void arm64HasPropertiesInTheDeviceTree() throws Exception {
    BootParameters boot = new BootParameters(Arm64.INSTANCE, HEADERS, List.of(REGION));
    assertThat(boot.commandLine()).isEmpty();
    assertThat(boot.parameterWithSize()).isEqualTo("elfcorehdr=0x400@0x537ff000");
    assertThat(boot.chosen(TWO))
        .containsExactly(
            "linux,elfcorehdr = <0x0 0x537ff000 0x0 0x400>;",
            "linux,usable-memory-range = <0x0 0x4d800000 0x0 0x6000000>;");
    assertThat(new BootParameters(Arm64.INSTANCE, HEADERS, List.of()).chosen(TWO)).hasSize(1);
  }

  @Test
  void theLowRegionComesSecond() throws Exception {
    BootParameters boot = new BootParameters(Arm64.INSTANCE, HEADERS, List.of(LOW, REGION));
    assertThat(boot.chosen(new RootCells("dtb", 1, 1)).getLast())
        .isEqualTo("linux,usable-memory-range = <0x4d800000 0x6000000 0x2000000 0x800000>;");
  }

  @Test
  void whatDoesNotFitTheCellsIsRefused() {
    BootParameters boot =
        new BootParameters(Arm64.INSTANCE, AddressRange.ofSize(0x1_0000_0000L, 0x1000), List.of());
    assertThatThrownBy(() -> boot.chosen(new RootCells("dtb", 1, 1)))
        .hasMessageContaining("Crash memory region doesn't fit into DT's root cell sizes");
  }
}
