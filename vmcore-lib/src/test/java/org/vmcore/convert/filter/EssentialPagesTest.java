package org.vmcore.convert.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vmcore.convert.essential.EssentialKind;
import org.vmcore.convert.essential.EssentialRange;

class EssentialPagesTest {
  @Test
  void aPageOfSeveralKindsCountsOnce() {
    EssentialPages pages =
        new EssentialPages(
            List.of(
                new EssentialRange(EssentialKind.TASKS, 8, 9),
                new EssentialRange(EssentialKind.TASKS, 2, 6),
                new EssentialRange(EssentialKind.LOG, 0, 4),
                new EssentialRange(EssentialKind.LOG, 1, 2)));

    assertThat(pages.ranges())
        .containsExactly(
            new EssentialRange(EssentialKind.LOG, 0, 4),
            new EssentialRange(EssentialKind.TASKS, 4, 6),
            new EssentialRange(EssentialKind.TASKS, 8, 9));
    assertThat(pages.count()).isEqualTo(7);
  }
}
