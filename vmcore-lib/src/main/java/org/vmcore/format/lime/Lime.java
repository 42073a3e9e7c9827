package org.vmcore.format.lime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.RamMap;

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

  /** What is written behind the last range, or between two, is at most a block of some device. */
  private static final int LARGEST_BLOCK = 1 << 16;

  private Lime() {}

  /** Whether {@code file} begins as a LiME image does. */
  public static boolean isLime(ByteSource file) throws VmcoreException {
    MemorySegment start = MemorySegment.ofArray(new byte[4]);
    return file.read(0, start) == 4
        && Cursor.of(file.name(), 0, start, ByteOrder.LITTLE_ENDIAN).s32("magic") == MAGIC;
  }

  /**
   * The ranges of RAM in {@code file}. The last one may be cut short by the file's end. Ranges
   * before a header that is none are kept, and the fault is told. Where ranges overlap, the first
   * one is read.
   *
   * @param findings where a fault is told
   * @throws VmcoreException when the first header isn't one, or the file can't be read
   */
  public static RamMap map(ByteSource file, List<Finding> findings) throws VmcoreException {
    LimeRanges ranges = new LimeRanges(findings);
    try {
      read(file, ranges);
    } catch (VmcoreException e) {
      if (ranges.isEmpty()) {
        throw e;
      }
      String what = e.reason() + "; the " + ranges.count() + " ranges before it are kept";
      findings.add(Finding.error("lime", e.offset().orElse(0), what));
    }
    ranges.end();
    return ranges.map();
  }

  private static void read(ByteSource file, LimeRanges ranges) throws VmcoreException {
    long at = 0;
    for (int count = 0; at < file.size() || count == 0; count++) {
      if (count == MAX_RANGES) {
        throw VmcoreException.at(file.name(), at, "LiME: more than " + MAX_RANGES + " ranges");
      }
      Header header = header(file, at);
      if (header.size() > 0) {
        ranges.add(header.range(), at);
      }
      at = behindZeros(file, header.offset() + header.size());
    }
    if (ranges.isEmpty()) {
      throw VmcoreException.at(file.name(), 0, "LiME: all of its ranges are empty");
    }
  }

  /**
   * A header's numbers.
   *
   * @param from s_addr
   * @param size in bytes, 0 where e_addr stands before s_addr
   * @param offset of the range's bytes in the file
   */
  private record Header(long from, long size, long offset) {
    RamMap.Range range() {
      return new RamMap.Range(from, from + size - 1, offset);
    }
  }

  private static Header header(ByteSource file, long at) throws VmcoreException {
    MemorySegment header = MemorySegment.ofArray(new byte[HEADER_SIZE]);
    if (file.readWhole(at, header) < HEADER_SIZE) {
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
    long from = in.u64("s_addr");
    long to = in.u64("e_addr");
    if (from > 0 && to == from - 1) {
      return new Header(from, 0, at + HEADER_SIZE); // an empty resource of the kernel
    }
    try {
      RamMap.Range range = new RamMap.Range(from, to, at + HEADER_SIZE);
      return new Header(from, range.size(), range.offset());
    } catch (IllegalArgumentException e) {
      throw VmcoreException.at(file.name(), at + 8, "LiME: " + e.getMessage(), e);
    }
  }

  /**
   * The first place from {@code at} on that isn't zero, or the file's end: what was written in
   * whole blocks ends in zeros. {@code at} itself where more zeros come than a block has.
   */
  private static long behindZeros(ByteSource file, long at) throws VmcoreException {
    MemorySegment next = MemorySegment.ofArray(new byte[1]);
    if (file.read(at, next) == 0 || next.get(ValueLayout.JAVA_BYTE, 0) != 0) {
      return at;
    }
    byte[] block = new byte[LARGEST_BLOCK];
    int got = (int) file.read(at, MemorySegment.ofArray(block));
    int zeros = 0;
    while (zeros < got && block[zeros] == 0) {
      zeros++;
    }
    return zeros == block.length ? at : at + zeros;
  }
}
