package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.testing.TasksKernel;

class ModulesCommandTest {
  private static final long BASE = 0xffff_ffff_c000_0000L;

  @TempDir Path folder;

  private final TasksKernel kernel = new TasksKernel();

  private Path dump() throws Exception {
    return kernel.dump().writeTo(folder.resolve("vmcore"));
  }

  @Test
  void modulesAreATable() throws Exception {
    kernel.module("first", BASE, 0x3000, 0, 2);
    kernel.module("other", BASE + 0x100_0000, 0x1000, 1 << 12 | 1 << 13, 0);
    assertThat(Run.of("modules", dump().toString()).ok().lines())
        .containsExactly(
            "NAME SIZE USED STATE TAINTS MODULE BASE",
            "other 0x2000 0 Live OE 0xffffffff81040400 0xffffffffc1000000",
            "first 0x4000 2 Live - 0xffffffff81040200 0xffffffffc0000000");
  }

  @Test
  void jsonHasAllFields() throws Exception {
    kernel.module("other", BASE, 0x1000, 1 << 12, 0);
    assertThat(Run.of("modules", "--json", dump().toString()).ok().out())
        .contains(
            "{\"name\":\"other\",\"size\":\"0x2000\",\"address\":\"0xffffffff81040200\","
                + "\"base\":\"0xffffffffc0000000\",\"state\":\"Live\",\"used\":0,\"taints\":\"O\"}");
  }

  @Test
  void withoutModulesItIsSaid() throws Exception {
    Path dump = dump();
    Run.of("modules", dump.toString())
        .fails(1, "vmcore: " + dump + ": the kernel's list has no modules");
  }

  @Test
  void aListThatCantBeReadIsntCalledEmpty() throws Exception {
    kernel.module("behind", BASE, 0x1000, 0, 0);
    kernel.linked().memory().u64(TasksKernel.MODULES, 0x6b6b_6b6b_6b6b_6b6bL);
    String dump = kernel.bent().writeTo(folder.resolve("vmcore")).toString();
    Run run = Run.of("modules", dump);
    assertThat(run.err()).contains("struct module at 0x6b6b6b6b6b6b6b63", ": no modules are found");
    assertThat(run.err()).doesNotContain("has no modules");
  }
}
