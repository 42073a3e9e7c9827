package org.vmcore.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MachineTest {
  @ParameterizedTest
  @CsvSource({
    "x86_64, x86_64, 62, 64",
    "aarch64, arm64, 183, 64",
    "AARCH64, arm64, 183, 64",
    "arm64, arm64, 183, 64",
    "i686, i386, 3, 32",
    "armv7l, arm, 40, 32",
    "armv5tel, arm, 40, 32",
    "ppc64le, ppc64, 21, 64",
    "ppc64, ppc64, 21, 64",
    "ppc, ppc, 20, 32",
    "riscv64, riscv64, 243, 64",
    "riscv32, riscv32, 243, 32",
    "s390x, s390x, 22, 64",
    "s390, s390, 22, 32",
    "loongarch64, loongarch64, 258, 64",
    "mips, mips, 8, 32",
    "mips64, mips64, 8, 64",
    "sparc64, sparc64, 43, 64",
    "ia64, ia64, 50, 64",
    "alpha, alpha, 36902, 64",
    "parisc, parisc, 15, 32",
  })
  void names(String name, String label, int number, int bits) {
    Machine machine = Machine.named(name).orElseThrow();
    assertThat(machine.label()).isEqualTo(label);
    assertThat(machine.number()).isEqualTo(number);
    assertThat(machine.bits()).isEqualTo(bits);
    assertThat(Machine.of(number, bits)).isEqualTo(machine);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "ch64", "Unknown", "h64", "v64", "4le", "armada"})
  void whatIsNoNameIsNone(String name) {
    assertThat(Machine.named(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "arm64, aarch64, aarch64_be",
    "ppc64, ppc64le, ppc64",
    "s390x, s390x, s390x",
    "riscv64, riscv64, riscv64"
  })
  void unamesNameTellsTheByteOrder(String label, String little, String big) {
    Machine machine = Machine.named(label).orElseThrow();
    assertThat(machine.uname(ByteOrder.LITTLE_ENDIAN)).isEqualTo(little);
    assertThat(machine.uname(ByteOrder.BIG_ENDIAN)).isEqualTo(big);
    assertThat(Machine.named(little)).hasValue(machine);
    assertThat(Machine.named(big)).hasValue(machine);
  }

  @Test
  void numbersThatHaveOneWordSize() {
    assertThat(Machine.of(3, 64).bits()).isEqualTo(32);
    assertThat(Machine.of(62, 32).bits()).isEqualTo(64);
    assertThat(Machine.of(0, 32).label()).isEqualTo("unknown");
    assertThat(Machine.of(0x1234, 32).label()).isEqualTo("machine-4660");
    assertThat(Machine.of(0x1234, 32).bits()).isEqualTo(32);
  }

  @Test
  void sizesOfPrStatusAreThoseOfTheLayouts() {
    for (Architecture each : Architectures.ALL) {
      assertThat(each.prStatus().size()).isEqualTo(each.machine().prStatusSize());
    }
  }
}
