package org.vmcore.kernel.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.vmcore.testing.TasksKernel.MODULE_LIST;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.testing.DumpBuilder;
import org.vmcore.testing.TasksKernel;

class ModulesTest {
  private static final long BASE = 0xffff_ffff_c000_0000L;
  private static final long OUT_OF_TREE = 1 << 12;

  @TempDir Path folder;

  private final TasksKernel kernel = new TasksKernel();

  private List<LoadedModule> modules(DumpBuilder dump) throws Exception {
    try (Vmcore vmcore = Vmcore.open(dump.writeTo(folder.resolve("vmcore")))) {
      return Kernel.of(vmcore).modules().all();
    }
  }

  @Test
  void theOneThatWasLoadedLastComesFirst() throws Exception {
    long first = kernel.module("first", BASE, 0x3000, 0, 2);
    long second = kernel.module("second", BASE + 0x10_0000, 0x1000, OUT_OF_TREE, 0);
    assertThat(modules(kernel.dump()))
        .extracting(
            LoadedModule::name,
            LoadedModule::address,
            LoadedModule::size,
            module -> module.references().orElse(-1),
            LoadedModule::isOutOfTree,
            LoadedModule::state)
        .containsExactly(
            tuple("second", second, 0x2000L, 0L, true, LoadedModule.State.LIVE),
            tuple("first", first, 0x4000L, 2L, false, LoadedModule.State.LIVE));
  }

  @Test
  void memoryOfTheStartIsntItsOwn() throws Exception {
    kernel.module("one", BASE, 0x3000, 0, 0);
    LoadedModule module = modules(kernel.dump()).getFirst();
    assertThat(module.contains(BASE + 0x2fff)).isTrue();
    assertThat(module.contains(BASE + 0x3000)).isFalse();
    assertThat(module.contains(BASE + 0x20_0000)).isFalse();
  }

  @Test
  void aModuleThatStartsHasTheCodeOfItsStart() throws Exception {
    long address = kernel.module("one", BASE, 0x3000, 0, 0);
    kernel.linked().memory().u32(address, 1);
    LoadedModule module = modules(kernel.dump()).getFirst();
    assertThat(module.state()).isEqualTo(LoadedModule.State.COMING);
    assertThat(module.contains(BASE + 0x20_0000)).isTrue();
    assertThat(module.contains(BASE + 0x20_7000)).isFalse();
    assertThat(module.size()).isEqualTo(0x4000);
  }

  @Test
  void memoryThatWrapsIsNone() throws Exception {
    kernel.module("one", -0x1000, 0x3000, 0, 0);
    assertThat(modules(kernel.dump()).getFirst().ranges()).hasSize(1);
  }

  @Test
  void aListThatIsTornTellsTheModulesInFrontOfTheTear() throws Exception {
    kernel.module("lost", BASE, 0x1000, 0, 0);
    long torn = kernel.module("torn", BASE, 0x1000, 0, 0);
    kernel.linked().memory().u64(torn + MODULE_LIST, 0x6b6b_6b6b_6b6b_6b6bL);
    try (Vmcore vmcore = Vmcore.open(kernel.bent().writeTo(folder.resolve("vmcore")))) {
      Kernel opened = Kernel.of(vmcore);
      assertThat(opened.modules().all()).extracting(LoadedModule::name).containsExactly("torn");
      assertThat(opened.symbols().gaps())
          .extracting(Finding::message)
          .anyMatch(gap -> gap.startsWith("struct module at 0x6b6b6b6b6b6b6b63"));
    }
  }
}
