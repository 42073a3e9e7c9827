package org.vmcore.gdb.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.vmcore.memory.AddressRange;

class RangesTest {
  private final Ranges ranges = new Ranges();

  @Test
  void neighboursAndOverlapsAreOne() {
    ranges.add(0x9000, 0x10);
    ranges.add(0x3000, 0x2000);
    ranges.add(0x1ff8, 0x10);
    ranges.add(0x4000, 0x3000);

    assertThat(ranges.merged())
        .containsExactly(new AddressRange(0x1000, 0x7000), new AddressRange(0x9000, 0xa000));
  }

  @Test
  void theEndOfTheAddressSpace() {
    ranges.add(-0x1000, 0x1000);
    ranges.add(-0x800, 0x10);
    ranges.add(-0x800, 0x1000);
    ranges.add(-0x10, -1);
    ranges.add(0, 0x1000);

    assertThat(ranges.merged()).containsExactly(new AddressRange(-0x1000, 0));
  }
}
