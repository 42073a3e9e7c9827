package org.vmcore.gdb.remote;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.gdb.remote.Target.Feature;

/** arm64 as gdb knows it (gdb's manual, AArch64 Features). */
final class Arm64Target {
  private static final int NUMBERED = 31;

  private Arm64Target() {}

  static Target make() {
    List<TargetRegister> core = new ArrayList<>();
    for (int i = 0; i < NUMBERED; i++) {
      core.add(TargetRegister.known("x" + i, Long.SIZE, "int"));
    }
    core.add(TargetRegister.known("sp", Long.SIZE, "data_ptr"));
    core.add(TargetRegister.known("pc", Long.SIZE, "code_ptr"));
    core.add(new TargetRegister("cpsr", Integer.SIZE, "int", "pstate"));
    return new Target("aarch64", List.of(new Feature("org.gnu.gdb.aarch64.core", "", core)));
  }
}
