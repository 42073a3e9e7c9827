package org.vmcore.format.lime;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.RamMap;
import org.vmcore.values.Hex;

/**
 * The format of LiME, the Linux Memory Extractor: before each range of RAM stands a header of 32
 * bytes {magic, version, s_addr, e_addr, reserved}, little-endian, e_addr inclusive (LiME's {@code
 * lime.h}).
 */
public final class Lime {
  /** The magic number, as a little-endian number. */
  public static final int MAGIC = 0x4c69_4d45;

  private static final int HEADER_SIZE = 32;
  private static final int MAX_RANGES = 1 << 16;

  private Lime() {}

  /** Whether {@code file} begins as a LiME image does. */
  public static boolean isLime(ByteSource file) throws VmcoreException {
    MemorySegment start = MemorySegment.ofArray(new byte[4]);
    return file.read(0, start) == 4
        && Cursor.of(file.name(), 0, start, ByteOrder.LITTLE_ENDIAN).s32("magic") == MAGIC;
  }

  /**
   * The ranges of RAM in {@code file}. The last one may be cut short by the file's end. Ranges
   * before a header that is none are kept, and the fault is told.
   *
   * @param findings where a fault is told
   * @throws VmcoreException when the first header isn't one, or the file can't be read
   */
  public static RamMap map(ByteSource file, List<Finding> findings) throws VmcoreException {
    NavigableMap<Long, RamMap.Range> ranges = new TreeMap<>();
    long at = 0;
    do {
      MemorySegment header = MemorySegment.ofArray(new byte[HEADER_SIZE]);
      try {
        header = header.asSlice(0, file.readWhole(at, header));
        RamMap.Range range = range(file, at, header);
        add(ranges, range, file, at);
        at = range.offset() + range.size();
      } catch (VmcoreException e) {
        if (ranges.isEmpty()) {
          throw e;
        }
        String what = e.reason() + "; the " + ranges.size() + " ranges before it are kept";
        findings.add(Finding.error("lime", e.offset().orElse(at), what));
        break;
      }
    } while (at < file.size());
    return new RamMap(List.copyOf(ranges.values()));
  }

  private static RamMap.Range range(ByteSource file, long at, MemorySegment header)
      throws VmcoreException {
    if (header.byteSize() < HEADER_SIZE) {
      throw VmcoreException.at(file.name(), at, "LiME: the file ends in a header");
    }
    Cursor in = Cursor.of(file.name(), at, header, ByteOrder.LITTLE_ENDIAN);
    if (in.s32("magic") != MAGIC) {
      throw VmcoreException.at(file.name(), at, "LiME: magic is missing");
    }
    int version = in.s32("version");
    if (version != 1) {
      throw VmcoreException.at(file.name(), at + 4, "LiME: version is " + version + ", not 1");
    }
    try {
      return new RamMap.Range(in.u64("s_addr"), in.u64("e_addr"), at + HEADER_SIZE);
    } catch (IllegalArgumentException e) {
      throw VmcoreException.at(file.name(), at + 8, "LiME: " + e.getMessage(), e);
    }
  }

  private static void add(
      NavigableMap<Long, RamMap.Range> ranges, RamMap.Range range, ByteSource file, long at)
      throws VmcoreException {
    if (ranges.size() == MAX_RANGES) {
      throw VmcoreException.at(file.name(), at, "LiME: more than " + MAX_RANGES + " ranges");
    }
    var below = ranges.floorEntry(range.to());
    if (below != null && below.getValue().to() >= range.from()) {
      String where = Hex.of(Math.max(range.from(), below.getKey()));
      throw VmcoreException.at(
          file.name(), at + 8, "LiME: the range overlaps an earlier one at " + where);
    }
    ranges.put(range.from(), range);
  }
}
