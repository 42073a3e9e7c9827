package org.vmcore.kernel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.testing.PrintkRingBytes;

class KernelLogTest extends LogTest {
  private PrintkRingBytes ring() {
    return new PrintkRingBytes(dump, 4, 10, 0);
  }

  @Test
  void withoutALogThereIsNone() {
    assertThatThrownBy(this::texts)
        .hasMessageEndingWith(": VMCOREINFO tells neither of prb nor of log_buf");
    assertThatThrownBy(() -> read(dump.dumpWithoutInfo()))
        .hasMessageEndingWith(": no VMCOREINFO, which tells where the kernel's log is");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Kernel panic - not syncing: sysrq triggered crash",
        "BUG: kernel NULL pointer dereference, address: 0000000000000000",
      })
  void theLineOfThePanic(String line) throws Exception {
    ring().add(SECOND, 6, "before").add(SECOND, 0, line + "\nmore").add(SECOND, 6, "behind");

    assertThat(panic()).contains(line);
  }

  private Optional<String> panic() throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.dump().writeTo(folder.resolve("vmcore")))) {
      return Kernel.of(vmcore).log().panic();
    }
  }

  @Test
  void aPanicAfterAnOopsIsTheOops() throws Exception {
    ring()
        .add(SECOND, 1, "BUG: unable to handle page fault for address: 0000000000000010")
        .add(SECOND, 0, "Oops: 0000 [#1] PREEMPT SMP NOPTI")
        .add(SECOND, 0, "Kernel panic - not syncing: Fatal exception in interrupt");

    assertThat(panic()).contains("BUG: unable to handle page fault for address: 0000000000000010");
  }

  @Test
  void aLogWithoutPanicHasNoSuchLine() throws Exception {
    ring().add(SECOND, 6, "all is well");

    assertThat(panic()).isEmpty();
  }
}
