package org.vmcore.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.memory.AddressRange;

class CrashMemoryTest {
  @ParameterizedTest(name = "{0} without {1} is {2}")
  @CsvSource({
    "1000-1fff, 0-fff, 1000-1fff",
    "1000-1fff, 2000-2fff, 1000-1fff",
    "1000-1fff, 1000-1fff, ''",
    "1000-1fff, 0-ffffffffffffffff, ''",
    "1000-1fff, 0-1000, 1001-1fff",
    "1000-1fff, 1fff-3000, 1000-1ffe",
    "1000-1fff, 1000-10ff, 1100-1fff",
    "1000-1fff, 1f00-1fff, 1000-1eff",
    "1000-1fff, 1400-14ff, 1000-13ff 1500-1fff",
    "1000-1fff, 1001-1ffe, 1000-1000 1fff-1fff",
    "1000-1fff, 1800-1800, 1000-17ff 1801-1fff",
    "1000-1fff 3000-3fff 5000-5fff, 1800-57ff, 1000-17ff 5800-5fff",
    "1000-1fff 3000-3fff 5000-5fff, 3000-3fff, 1000-1fff 5000-5fff",
    "1000-1fff 3000-3fff 5000-5fff, 3400-34ff, 1000-1fff 3000-33ff 3500-3fff 5000-5fff",
    "0-fff ffffffffffff0000-ffffffffffffffff, ffffffffffff8000-ffffffffffffffff,"
        + " 0-fff ffffffffffff0000-ffffffffffff7fff",
    "0-ffffffffffffffff, 8000000000000000-8000000000000fff,"
        + " 0-7fffffffffffffff 8000000000001000-ffffffffffffffff",
  })
  void exclude(String ranges, String hole, String left) {
    CrashMemory memory = new CrashMemory(ranges(ranges));
    assertThat(memory.exclude(range(hole)).ranges()).isEqualTo(ranges(left));
  }

  @ParameterizedTest(name = "{0}, {1} on its own, is {2}")
  @CsvSource({
    "0-fffff, 0-ffff, 0-ffff 10000-fffff",
    "0-fffff, 1000-1fff, 0-fff 1000-1fff 2000-fffff",
    "0-ffff 20000-2ffff, 0-ffff, 0-ffff 20000-2ffff",
    "0-7fff 20000-2ffff, 0-ffff, 0-7fff 20000-2ffff",
    "20000-2ffff, 0-ffff, 20000-2ffff",
  })
  void split(String ranges, String part, String split) {
    assertThat(new CrashMemory(ranges(ranges)).split(range(part)).ranges())
        .isEqualTo(ranges(split));
  }

  @ParameterizedTest(name = "{0} and {1} are {2}")
  @CsvSource({
    "1000-1fff, 3000-37ff, 1000-1fff 3000-37ff",
    "3000-3fff, 1000-1fff, 1000-1fff 3000-3fff",
    "1000-1fff 3000-3fff, 2000-2fff, 1000-1fff 2000-2fff 3000-3fff",
    "1000-1fff, 1800-27ff, 1000-27ff",
    "1000-1fff 3000-3fff, 1800-37ff, 1000-3fff",
    "1000-1fff, 1200-13ff, 1000-1fff",
  })
  void include(String ranges, String added, String all) {
    assertThat(new CrashMemory(ranges(ranges)).include(range(added)).ranges())
        .isEqualTo(ranges(all));
  }

  @Test
  void systemRamWithoutTheCrashKernelsRegions() throws Exception {
    Iomem iomem =
        Iomem.parse(
            "iomem",
            """
            00001000-0009ffff : System RAM
            00100000-bfffffff : System RAM
              02000000-0200ffff : Crash kernel
              60000000-7fffffff : Crash kernel
            """);
    CrashMemory memory = CrashMemory.of(iomem);
    assertThat(memory.ranges())
        .isEqualTo(ranges("1000-9ffff 100000-1ffffff 2010000-5fffffff 80000000-bfffffff"));
    assertThat(memory.exclude(CrashMemory.FIRST_MIB).ranges().getFirst())
        .isEqualTo(range("100000-1ffffff"));
  }

  @Test
  void rangesOutOfOrderAreRefused() {
    assertThatThrownBy(() -> new CrashMemory(ranges("3000-3fff 1000-1fff")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("0x1000-0x1fff is not above 0x3000-0x3fff, the range before it");
    assertThatThrownBy(() -> new CrashMemory(ranges("1000-1fff 1fff-2fff")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> range("2000-1fff"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the end is first");
  }

  private static List<AddressRange> ranges(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.strip().split(" ")).map(CrashMemoryTest::range).toList();
  }

  private static AddressRange range(String text) {
    int dash = text.indexOf('-');
    return AddressRange.inclusive(
        Long.parseUnsignedLong(text.substring(0, dash), 16),
        Long.parseUnsignedLong(text.substring(dash + 1), 16));
  }
}
