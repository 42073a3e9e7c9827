package org.vmcore.convert.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vmcore.testing.StructPagesKernel.FIRST;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.Vmcore;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageKind;
import org.vmcore.convert.level.PageTally;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.testing.StructPagesKernel;
import org.vmcore.testing.StructPagesKernel.Generation;

class LevelSurveyTest {
  @TempDir Path folder;

  private static StructPagesKernel kernel() {
    return new StructPagesKernel(Generation.V6_12)
        .info("NUMBER(PG_hwpoison)=22")
        .cache(FIRST + 1)
        .cache(FIRST + 3)
        .flags(FIRST + 3, 13)
        .anonymous(FIRST + 5)
        .free(FIRST + 8, 3)
        .cache(FIRST + 9)
        .flags(FIRST + 12, 22)
        .flags(FIRST + 20, 22);
  }

  @Test
  void eachLevelIsAsWhenItIsApplied() throws IOException {
    Path dump = kernel().dump().writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump);
        PfnBitmap kept = FilterCase.present(vmcore);
        PfnBitmap zero = PfnBitmap.of(kept.frames(), folder)) {
      LevelSurvey survey =
          PageFilter.of(vmcore, Kernel.of(vmcore), DumpLevel.ALL, 1).survey(kept, zero);

      for (int level = 0; level <= DumpLevel.MOST; level++) {
        PageTally counted = survey.of(new DumpLevel(level)).orElseThrow();
        PageTally applied = FilterCase.of(dump, level).tally();
        for (PageKind kind : PageKind.values()) {
          assertThat(counted.of(kind)).as(level + " " + kind).isEqualTo(applied.of(kind));
        }
      }
      assertThat(kept.count()).isEqualTo(StructPagesKernel.PAGES + 512);
    }
  }

  @Test
  void zerosCountWhereNothingElseLeavesThemOut() throws IOException {
    Path dump = kernel().dump().writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump);
        PfnBitmap kept = FilterCase.present(vmcore);
        PfnBitmap zero = PfnBitmap.of(kept.frames(), folder)) {
      zero.set(FIRST, FIRST + 16);
      LevelSurvey survey =
          PageFilter.of(vmcore, Kernel.of(vmcore), DumpLevel.ALL, 2).survey(kept, zero);

      assertThat(zeros(survey, 0)).isZero();
      assertThat(zeros(survey, 1)).isEqualTo(16 - 1);
      assertThat(zeros(survey, 3)).isEqualTo(16 - 1 - 2);
      assertThat(zeros(survey, 17)).isEqualTo(16 - 8);
      assertThat(zeros(survey, 31)).isEqualTo(16 - 8 - 3);
    }
  }

  private static long zeros(LevelSurvey survey, int level) {
    return survey.of(new DumpLevel(level)).orElseThrow().of(PageKind.ZERO);
  }

  @Test
  void onlyWhatIsPossibleIsCounted() throws IOException {
    Path dump = kernel().withoutInfo("NUMBER(PG_lru)").dump().writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump);
        PfnBitmap kept = FilterCase.present(vmcore)) {
      LevelSurvey survey =
          PageFilter.of(vmcore, Kernel.of(vmcore), DumpLevel.ALL, 1).survey(kept, kept);

      assertThat(survey.of(new DumpLevel(25))).isPresent();
      assertThat(survey.of(new DumpLevel(2))).isEmpty();
      assertThat(survey.of(new DumpLevel(31))).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 16, 31})
  void findingsAreThoseOfTheLevelWhenItIsApplied(int level) throws IOException {
    long first = StructPagesKernel.PADDR >> 12;
    StructPagesKernel kernel =
        kernel()
            .info("SYMBOL(_stext)=" + Long.toHexString(StructPagesKernel.BASE))
            .u64(
                StructPagesKernel.SECTIONS + 16 * (first >> 10),
                (StructPagesKernel.MAP - first * 64) | 3);
    Path dump = kernel.dump().writeTo(folder.resolve("vmcore"));
    try (Vmcore vmcore = Vmcore.open(dump);
        PfnBitmap kept = FilterCase.present(vmcore);
        PfnBitmap none = PfnBitmap.of(kept.frames(), folder)) {
      PageFilter filter = PageFilter.of(vmcore, Kernel.of(vmcore), new DumpLevel(level), 2);
      filter.survey(kept, none);

      assertThat(FilterCase.told(filter, false))
          .isNotEmpty()
          .isEqualTo(FilterCase.of(dump, level).findings());
      assertThat(FilterCase.told(filter, true)).hasSize(level == 0 ? 0 : 1);
      List<Finding> before = filter.findings();
      filter.survey(kept, none);
      assertThat(filter.findings()).isEqualTo(before);
    }
  }
}
