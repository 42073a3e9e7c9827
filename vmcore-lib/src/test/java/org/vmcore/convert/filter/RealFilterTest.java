package org.vmcore.convert.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.convert.essential.EssentialKind;
import org.vmcore.convert.essential.EssentialMemory;
import org.vmcore.convert.essential.EssentialRange;
import org.vmcore.convert.level.PageKind;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.testing.Reading;
import org.vmcore.testing.RealDumps;

/**
 * Kernels that really crashed: what makedumpfile 1.7.8 counted of them at level 31, of s390x what
 * 1.7.6 counted of cache and user pages; of arm64 and ppc64, and of the 7.3 kernel's user pages,
 * what was right before.
 */
class RealFilterTest {
  @ParameterizedTest
  @CsvSource({
    "x86-61-s, 23132, 1359, 104",
    "x86-61-cs, 22575, 1390, 106",
    "frac4-c, 23116, 1359, 105",
    "x86-612-hung, 22146, 1343, 196",
    "x86-612-irq, 22018, 1343, 158",
    "x86-612-lockup, 22473, 1343, 183",
    "x86-612-null, 22577, 1343, 148",
    "x86-612-stack, 22496, 1343, 143",
    "x86-612-tasks, 21991, 1343, 226",
    "x86-new-sysrq, 34326, 1340, 156",
    "arm-612-null, 55367, 1320, 150",
    "s390x-qemu, 50608, 1292, 115",
    "ppc64-kdump, 102485, 1613, 103",
  })
  void counts(String name, long free, long cache, long user) throws Exception {
    FilterCase all = FilterCase.of(RealDumps.file(name + "/vmcore.elf"), 31);

    assertThat(all.tally().of(PageKind.FREE)).isEqualTo(free);
    assertThat(all.tally().of(PageKind.CACHE)).isEqualTo(cache);
    assertThat(all.tally().of(PageKind.USER)).isEqualTo(user);
    assertThat(all.tally().total()).isEqualTo(free + cache + user);
    assertThat(all.findings()).isEmpty();
  }

  /** NR_FREE_PAGES, from which each CPU may still have some to take or to give. */
  @ParameterizedTest
  @ValueSource(strings = {"x86-61-s", "x86-new-sysrq", "arm-612-null", "s390x-qemu", "ppc64-kdump"})
  void freePagesAreThoseThatTheKernelCounts(String name) throws Exception {
    try (Vmcore vmcore = RealDumps.open(name + "/vmcore.elf")) {
      Kernel kernel = Kernel.of(vmcore);
      long at = kernel.symbols().first("vm_zone_stat").orElseThrow().address();
      byte[] count = Reading.bytes(kernel.memory(), at, Long.BYTES);
      long counted = ByteBuffer.wrap(count).order(kernel.order()).getLong();

      assertThat(FilterCase.of(RealDumps.file(name + "/vmcore.elf"), 16).tally().total())
          .isCloseTo(counted, Offset.offset(128L));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x86-61-s",
        "x86-612-null",
        "x86-new-sysrq",
        "arm-612-null",
        "s390x-qemu",
        "ppc64-kdump"
      })
  void everyKindOfEssentialMemoryIsFound(String name) throws Exception {
    try (Vmcore vmcore = RealDumps.open(name + "/vmcore.elf")) {
      EssentialMemory memory = EssentialMemory.of(vmcore, Kernel.of(vmcore), List.of());

      assertThat(memory.gaps())
          .extracting(Finding::message)
          .containsExactly("struct pages can't be found: nothing tells where");
      Set<EssentialKind> elsewhere =
          EnumSet.of(EssentialKind.STRUCT_PAGES, EssentialKind.IMAGE_END);
      for (EssentialKind kind : EnumSet.complementOf(EnumSet.copyOf(elsewhere))) {
        assertThat(memory.ranges()).as(kind.words()).anyMatch(each -> each.kind() == kind);
      }
      assertThat(pages(memory, EssentialKind.KERNEL_IMAGE)).isBetween(5_000L, 13_000L);
      assertThat(pages(memory, EssentialKind.LOG)).isBetween(100L, 300L);
    }
  }

  private static long pages(EssentialMemory memory, EssentialKind kind) {
    long pages = 0;
    for (EssentialRange each : memory.ranges()) {
      pages += each.kind() == kind ? each.to() - each.from() : 0;
    }
    return pages;
  }

  @ParameterizedTest
  @ValueSource(strings = {"x86-61-s/vmcore.elf", "x86-61-s/mdf/kd-zlib-d31"})
  void nothingEssentialIsMissing(String form) throws Exception {
    try (Vmcore vmcore = RealDumps.open(form)) {
      assertThat(EssentialCheck.of(vmcore, Kernel.of(vmcore), RealDumps.file(form).getParent()))
          .extracting(Finding::severity)
          .containsOnly(Finding.Severity.INFO);
    }
  }

  @Test
  void lostPartsLackIt() throws Exception {
    String form = "x86-61-s/kd-snappy-d31.3";
    try (Vmcore vmcore = RealDumps.open(form)) {
      assertThat(EssentialCheck.of(vmcore, Kernel.of(vmcore), RealDumps.file(form).getParent()))
          .extracting(Finding::message)
          .anyMatch(each -> each.startsWith("not checked: the log can't be found"));
    }
  }
}
