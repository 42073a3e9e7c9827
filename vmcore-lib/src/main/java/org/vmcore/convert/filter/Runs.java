package org.vmcore.convert.filter;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vmcore.convert.level.PageKind;

/** Runs of pages that one level leaves out, kept until it is known which of them are essential. */
final class Runs implements LevelScan.Excluded {
  private long[] froms = new long[64];
  private long[] tos = new long[64];
  private @Nullable PageKind[] kinds = new PageKind[64];
  private int count;

  @Override
  public void excluded(PageKind kind, long from, long to) {
    if (count == froms.length) {
      froms = Arrays.copyOf(froms, 2 * count);
      tos = Arrays.copyOf(tos, 2 * count);
      kinds = Arrays.copyOf(kinds, 2 * count);
    }
    froms[count] = from;
    tos[count] = to;
    kinds[count++] = kind;
  }

  /** How many they are. */
  int count() {
    return count;
  }

  /** Tells {@code out} of each of them, of pages in front of {@code limit} only. */
  void each(long limit, LevelScan.Excluded out) {
    for (int i = 0; i < count; i++) {
      if (froms[i] < limit) {
        out.excluded(Objects.requireNonNull(kinds[i]), froms[i], Math.min(tos[i], limit));
      }
    }
  }
}
