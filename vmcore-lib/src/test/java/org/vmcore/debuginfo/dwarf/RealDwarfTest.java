package org.vmcore.debuginfo.dwarf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.Vmcore;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.kernel.Kernel;
import org.vmcore.testing.RealDumps;

/**
 * DWARF of kernels that really crashed, in the folder that the system property or the variable
 * {@code VMCORE_UNPACKED} names.
 */
class RealDwarfTest {
  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#elfForms")
  void itIsInOrder(String form) throws IOException {
    try (Vmcore vmcore = RealDumps.open(form)) {
      Kernel kernel = Kernel.of(vmcore);
      Assumptions.assumeTrue(kernel.symbols().first("_end").isPresent(), "functions alone");
      DebugSections sections = Dwarf.of(KernelLayout.of(vmcore, kernel, Purpose.GDB)).orElseThrow();

      List<String> lines = DwarfText.of(sections);
      assertThat(lines)
          .contains(
              "  struct list_head size=16", "    member next at=0 of pointer of struct list_head");
      assertThat(lines).anyMatch(line -> line.startsWith("  variable init_task external=1 "));
      assertThat(lines).anyMatch(line -> line.startsWith("  function schedule external=1 "));
      assertThat(sections.gaps()).isEmpty();
      assertThat(sections.functions()).isGreaterThan(30_000);
    }
  }
}
