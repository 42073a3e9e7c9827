package org.vmcore.kernel.walks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vmcore.Vmcore;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.mmu.AddressSpace;
import org.vmcore.mmu.MappedRange;
import org.vmcore.testing.RealDumps;

/** What the kernel's records say of vmalloc's pages is what its page tables say. */
class RealVmallocAreasTest {
  private static final int PAGE = 4096;

  private int same;

  @ParameterizedTest
  @MethodSource("org.vmcore.testing.RealDumps#elfForms")
  void pagesAreWhereThePageTablesHaveThem(String form) throws Exception {
    try (Vmcore vmcore = RealDumps.open(form)) {
      Kernel kernel = Kernel.of(vmcore);
      Assumptions.assumeTrue(
          kernel.info().stream().anyMatch(info -> info.symbol("vmemmap").isPresent()),
          "VMCOREINFO doesn't tell of vmemmap");
      Assumptions.assumeTrue(kernel.memory().tables().isPresent(), "no page tables");
      VmallocAreas areas = new VmallocAreas(kernel.objects());
      AddressSpace space = kernel.memory().tables().orElseThrow();
      for (Task task : kernel.tasks().all()) {
        check(areas, space, task.stack());
      }
      for (LoadedModule module : kernel.modules().all()) {
        check(areas, space, module.address());
      }
      assertThat(same).isPositive();
    }
  }

  private void check(VmallocAreas areas, AddressSpace space, long start) throws Exception {
    for (long at = start; at < start + 4 * PAGE; at += PAGE) {
      Optional<MappedRange> place = areas.at(at + 8);
      if (place.isPresent() && space.extentAt(at).isPresent()) {
        assertThat(space.physical(at + 8)).hasValue(place.get().physical(at + 8));
        same++;
      }
    }
  }
}
