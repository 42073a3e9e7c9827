package org.vmcore.kernel.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.testing.KernelDump;
import org.vmcore.testing.TasksKernel;

class SystemStateTest {
  @TempDir Path folder;

  private Vmcore open() throws Exception {
    return Vmcore.open(new TasksKernel().dump().writeTo(folder.resolve("vmcore")));
  }

  @Test
  void itIsReadFromTheKernelsVariables() throws Exception {
    try (Vmcore vmcore = open()) {
      SystemState state = Kernel.of(vmcore).system();
      assertThat(state.uptime()).hasValue(10_000_000_000L); // 2500 ticks of 4 ms
      assertThat(state.load().orElseThrow()).hasToString("1.50, 0.10, 0.00");
      assertThat(state.taints().orElseThrow().letters()).isEqualTo("OE");
      assertThat(state.taints().orElseThrow().meanings())
          .containsExactly(
              "O: a module built outside of the kernel's tree was loaded",
              "E: a module without a signature was loaded");
      assertThat(state.totalPages()).hasValue(0x8000);
      assertThat(state.freePages()).isEmpty();
    }
  }

  @Test
  void whatNothingTellsOfIsEmpty() throws Exception {
    KernelDump bare = new KernelDump();
    try (Vmcore vmcore = Vmcore.open(bare.dump().writeTo(folder.resolve("vmcore")))) {
      SystemState state = Kernel.of(vmcore).system();
      assertThat(state.uptime()).isEmpty();
      assertThat(state.load()).isEmpty();
      assertThat(state.taints()).isEmpty();
      assertThat(state.totalPages()).isEmpty();
      assertThat(state.commandLine()).isEmpty();
    }
  }
}
