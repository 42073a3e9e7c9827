package org.vmcore.open;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.values.Described;
import org.vmcore.values.Hex;

/**
 * Where RAM lies in an image of it: which physical addresses stand at which offsets of its file, or
 * of which of its files.
 *
 * @param ranges in ascending order of address, without overlaps
 */
public record RamMap(List<Range> ranges) {
  /**
   * A range of RAM.
   *
   * @param from its first physical address
   * @param to its last one, inclusive
   * @param offset of its first byte in the file
   * @param file the number of the file that holds it, from 0: more than one where the image is in
   *     several
   */
  public record Range(long from, long to, long offset, int file) {
    /** A range in the first file. */
    public Range(long from, long to, long offset) {
      this(from, to, offset, 0);
    }

    /**
     * @throws IllegalArgumentException when the range is empty, an address is 2^63 or more, it
     *     would end past any file, or there can be no such file
     */
    public Range {
      if (file < 0
          || from < 0
          || to < from
          || offset < 0
          || to - from > Long.MAX_VALUE - 1 - offset) {
        throw new IllegalArgumentException(
            "no range of RAM: " + Hex.of(from) + "-" + Hex.of(to) + "@" + Hex.of(offset));
      }
    }

    /** In bytes. */
    public long size() {
      return to - from + 1;
    }

    /** Addresses, offsets and sizes are hexadecimal. */
    @Override
    public String toString() {
      return Described.as("RamMap.Range")
          .hex("from", from)
          .hex("to", to)
          .hex("offset", offset)
          .add("file", file)
          .toString();
    }
  }

  /**
   * @throws IllegalArgumentException when there is no range, or two overlap in physical memory
   */
  public RamMap {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort((a, b) -> Long.compare(a.from(), b.from()));
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("no range of RAM");
    }
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).from() <= sorted.get(i - 1).to()) {
        throw new IllegalArgumentException(
            "ranges of RAM overlap at " + Hex.of(sorted.get(i).from()));
      }
    }
    ranges = List.copyOf(sorted);
  }

  /**
   * Parses {@code FROM-TO@OFFSET,…}: inclusive physical addresses and a file offset, hexadecimal
   * with 0x, else decimal.
   *
   * @throws IllegalArgumentException when {@code text} isn't that
   */
  public static RamMap parse(String text) {
    List<Range> ranges = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      int dash = part.indexOf('-');
      int at = part.indexOf('@', dash + 1);
      if (dash < 0 || at < 0) {
        throw new IllegalArgumentException("not FROM-TO@OFFSET: " + part);
      }
      ranges.add(
          new Range(
              number(part.substring(0, dash)),
              number(part.substring(dash + 1, at)),
              number(part.substring(at + 1))));
    }
    return new RamMap(ranges);
  }

  private static long number(String text) {
    String bare = text.strip();
    boolean hex = bare.startsWith("0x");
    try {
      return Long.parseLong(hex ? bare.substring(2) : bare, hex ? 16 : 10);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number: " + text, e);
    }
  }

  /** The map of an image that holds RAM from physical address 0 on. */
  public static RamMap identity(long size) {
    return new RamMap(List.of(new Range(0, Math.max(size, 1) - 1, 0)));
  }

  /** Where the last range ends in the file, in bytes. */
  public long fileSize() {
    long end = 0;
    for (Range range : ranges) {
      end = Math.max(end, range.offset() + range.size());
    }
    return end;
  }
}
