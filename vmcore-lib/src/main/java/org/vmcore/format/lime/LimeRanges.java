package org.vmcore.format.lime;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.Finding;
import org.vmcore.open.RamMap;
import org.vmcore.values.Hex;

/**
 * Collects the ranges of RAM in the order in which they stand in the file. Of one that overlaps
 * those before it, what they have already is left out.
 */
final class LimeRanges {
  private static final int MAX_TOLD = 8;

  private final List<Finding> findings;
  private final List<RamMap.Range> ranges = new ArrayList<>();

  /** What is covered so far, from first to last address; ranges that touch are one. */
  private final NavigableMap<Long, Long> covered = new TreeMap<>();

  private int overlapping;

  LimeRanges(List<Finding> findings) {
    this.findings = findings;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  int count() {
    return ranges.size();
  }

  RamMap map() {
    return new RamMap(List.copyOf(ranges));
  }

  /** Adds {@code range}, whose header stands at file offset {@code at}. */
  void add(RamMap.Range range, long at) {
    long from = range.from();
    long start = from;
    long end = range.to();
    long twice = 0;
    boolean hasRest = true;
    Map.Entry<Long, Long> each = touching(from, range.to());
    while (each != null) {
      covered.remove(each.getKey());
      part(range, from, each.getKey() - 1);
      long last = Math.min(each.getValue(), range.to());
      twice += Math.max(0, last - Math.max(each.getKey(), from) + 1);
      start = Math.min(start, each.getKey());
      end = Math.max(end, each.getValue());
      hasRest = last < range.to();
      from = hasRest ? Math.max(from, last + 1) : from;
      each = hasRest ? touching(from, range.to()) : null;
    }
    if (hasRest) {
      part(range, from, range.to());
    }
    covered.put(start, end);
    if (twice > 0) {
      overlaps(range, twice, at);
    }
  }

  /** The first that is covered and meets {@code from} to {@code to}, or touches it; else null. */
  private Map.@Nullable Entry<Long, Long> touching(long from, long to) {
    Map.Entry<Long, Long> below = covered.floorEntry(from);
    if (below != null && below.getValue() >= from - 1) {
      return below;
    }
    Map.Entry<Long, Long> above = covered.ceilingEntry(from);
    return above != null && above.getKey() <= to ? above : null;
  }

  private void part(RamMap.Range range, long from, long to) {
    if (from <= to) {
      ranges.add(new RamMap.Range(from, to, range.offset() + (from - range.from())));
    }
  }

  private void overlaps(RamMap.Range range, long bytes, long at) {
    if (++overlapping <= MAX_TOLD) {
      findings.add(
          Finding.warning(
              "lime",
              at,
              "LiME: "
                  + bytes
                  + " bytes of the range "
                  + Hex.of(range.from())
                  + "-"
                  + Hex.of(range.to())
                  + " stand in earlier ranges, too: those are read"));
    }
  }

  /** Tells how many more there were. */
  void end() {
    if (overlapping > MAX_TOLD) {
      int more = overlapping - MAX_TOLD;
      findings.add(
          Finding.warning("lime", 0, "LiME: " + more + " more ranges overlap earlier ones"));
    }
  }
}
