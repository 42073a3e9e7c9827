package org.vmcore.kernel.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.oops.CodePlace;
import org.vmcore.kernel.oops.CrashKind;
import org.vmcore.testing.RealDumps;

/**
 * Kernels that really crashed, in the folder that the system property or the variable {@code
 * VMCORE_UNPACKED} names.
 */
class RealCrashTest {
  private static Crash crash(String name) throws Exception {
    try (Vmcore vmcore = RealDumps.open(name + "/vmcore.elf")) {
      return Kernel.of(vmcore).crash();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x86-612-null, NULL_POINTER, fx_null_leaf, fx-culprit, fx-culprit",
    "x86-612-irq, NULL_POINTER, fx_irq_leaf, fx-bystander, ''",
    "x86-612-lockup, SOFT_LOCKUP, native_queued_spin_lock_slowpath, fx-waiter, fx-holder",
    "x86-612-hung, HUNG_TASK, watchdog, khungtaskd, fx-owner",
    "x86-612-stack, STACK_OVERFLOW, fx_recurse, fx-culprit, fx-culprit",
    "x86-612-tasks, PANIC, fx_tasks, fx-culprit, fx-culprit",
    "arm-612-null, NULL_POINTER, fx_null_leaf, fx-culprit, fx-culprit",
    "x86-new-sysrq, SYSRQ, sysrq_handle_crash, init, ''",
    "x86-61-s, SYSRQ, sysrq_handle_crash, init, ''",
    "arm-61-c, SYSRQ, sysrq_handle_crash, init, ''",
  })
  void whatHappened(String name, CrashKind kind, String place, String task, String guilty)
      throws Exception {
    Crash crash = crash(name);

    assertThat(crash.kind()).isEqualTo(kind);
    assertThat(crash.ip().flatMap(CrashFrame::place)).map(CodePlace::symbol).contains(place);
    assertThat(crash.task().orElseThrow().comm()).isEqualTo(task);
    assertThat(crash.guilty().flatMap(Guilty::task).map(each -> each.comm()).orElse(""))
        .isEqualTo(guilty);
    assertThat(crash.stacks()).isNotEmpty().noneMatch(CrashStack::isOfLog);
  }

  @Test
  void theSameCauseHasTheSameFingerprintOnAnyKernel() throws Exception {
    String value = crash("x86-612-null").fingerprint().value();

    assertThat(crash("arm-612-null").fingerprint().value()).isEqualTo(value);
  }

  @Test
  void othersHaveOthers() throws Exception {
    Set<String> values = new HashSet<>();
    for (String name : List.of("null", "irq", "lockup", "hung", "stack", "tasks")) {
      values.add(crash("x86-612-" + name).fingerprint().value());
    }

    assertThat(values).hasSize(6);
  }
}
