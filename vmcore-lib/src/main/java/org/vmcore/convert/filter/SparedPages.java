package org.vmcore.convert.filter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.vmcore.convert.essential.EssentialKind;
import org.vmcore.convert.level.PageKind;
import org.vmcore.memory.Finding;
import org.vmcore.values.Hex;

/** Counts the pages that are kept because they are essential, against their struct pages. */
final class SparedPages {
  private static final String CHECK = "essential_memory";

  private final Map<EssentialKind, Counted> counted = new EnumMap<>(EssentialKind.class);

  /** Pages of one kind, and the first of them. */
  private record Counted(long pages, long first, PageKind asWhat) {
    Counted plus(Counted other) {
      Counted lower = Long.compare(first, other.first) <= 0 ? this : other;
      return new Counted(pages + other.pages, lower.first, lower.asWhat);
    }
  }

  /** Counts {@code pages} from page frame {@code first} on that would go as {@code asWhat}. */
  synchronized void add(EssentialKind kind, PageKind asWhat, long first, long pages) {
    if (pages > 0) {
      counted.merge(kind, new Counted(pages, first, asWhat), Counted::plus);
    }
  }

  /** One finding for each kind. */
  synchronized List<Finding> findings(long pageSize) {
    List<Finding> findings = new ArrayList<>();
    counted.forEach(
        (kind, its) ->
            findings.add(
                Finding.info(
                    CHECK,
                    its.pages
                        + (its.pages == 1 ? " page of " : " pages of ")
                        + kind.words()
                        + (its.pages == 1 ? " is" : " are")
                        + " kept against what struct pages say: the first, at "
                        + Hex.of(its.first * pageSize)
                        + ", as "
                        + its.asWhat.label())));
    return findings;
  }
}
