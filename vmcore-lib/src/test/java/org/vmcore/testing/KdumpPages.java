package org.vmcore.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The page frames of a {@link KdumpBuilder}'s file: those that it holds, and those left out. */
final class KdumpPages {
  private final NavigableMap<Long, Page> pages = new TreeMap<>();
  private final TreeSet<Long> excluded = new TreeSet<>();
  private long from;
  private long to = Long.MAX_VALUE;

  /** What the file has of a page; {@code as} is the page whose bytes it shares, or itself. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Page(byte[] stored, int flags, long as) {}

  void stored(long pfn, byte[] bytes, int flags) {
    pages.put(pfn, new Page(bytes.clone(), flags, pfn));
  }

  void same(long pfn, long other) {
    pages.put(pfn, new Page(new byte[0], pages.get(other).flags(), other));
  }

  void excluded(long... pfns) {
    for (long pfn : pfns) {
      excluded.add(pfn);
    }
  }

  /** The file has descriptors only of the pages from {@code first} to before {@code end}. */
  void part(long first, long end) {
    from = first;
    to = end;
  }

  boolean isPart() {
    return to != Long.MAX_VALUE;
  }

  long from() {
    return from;
  }

  long to() {
    return to;
  }

  /** The page frames that this file has descriptors of. */
  Set<Long> dumped() {
    return inPart().keySet();
  }

  private NavigableMap<Long, Page> inPart() {
    return pages.subMap(from, true, to, false);
  }

  byte[] stored(long pfn) {
    return pages.get(pfn).stored();
  }

  /** The page frame whose bytes are those of {@code pfn} too. */
  long sharedWith(long pfn) {
    return pages.get(pfn).as();
  }

  /** Behind the last page frame that is told of. */
  long end() {
    long last = pages.isEmpty() ? 0 : pages.lastKey() + 1;
    return excluded.isEmpty() ? last : Math.max(last, excluded.last() + 1);
  }

  /**
   * By the page frame whose bytes they are, in the file's order: where pages stand behind the
   * descriptors at file offset {@code descriptors}.
   */
  Map<Long, Long> offsets(long descriptors) {
    Map<Long, Long> offsets = new LinkedHashMap<>();
    long at = descriptors + 24L * inPart().size();
    for (Page each : inPart().values()) {
      if (offsets.putIfAbsent(each.as(), at) == null) {
        at += pages.get(each.as()).stored().length;
      }
    }
    return offsets;
  }

  /** Puts the descriptors' numbers. */
  void numbers(Map<String, Long> numbers, Map<Long, Long> offsets) {
    inPart()
        .forEach(
            (pfn, page) -> {
              numbers.put("page[" + pfn + "].offset", offsets.get(page.as()));
              numbers.put("page[" + pfn + "].size", (long) pages.get(page.as()).stored().length);
              numbers.put("page[" + pfn + "].flags", (long) page.flags());
            });
  }

  /** Sets the bits of the stored pages in the bitmap at file offset {@code bitmap}. */
  void setStored(byte[] file, int bitmap) {
    pages.keySet().forEach(pfn -> setBit(file, bitmap, pfn));
  }

  /** Sets the bits of all pages that exist. */
  void setExisting(byte[] file, int bitmap) {
    setStored(file, bitmap);
    excluded.forEach(pfn -> setBit(file, bitmap, pfn));
  }

  private static void setBit(byte[] file, int bitmap, long pfn) {
    file[bitmap + (int) (pfn >>> 3)] |= (byte) (1 << (pfn & 7));
  }
}
