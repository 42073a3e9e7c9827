package org.vmcore.memory;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.io.Cursor;
import org.vmcore.io.VmcoreException;

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
    byte[] start = new byte[4];
    return file.read(0, MemorySegment.ofArray(start)) == 4
        && cursor(file, 0, start).s32("magic") == MAGIC;
  }

  /**
   * The ranges of RAM in {@code file}. The last one may be cut short by the file's end.
   *
   * @throws VmcoreException when a header isn't one, or ranges overlap
   */
  public static RamMap map(ByteSource file) throws VmcoreException {
    List<RamMap.Range> ranges = new ArrayList<>();
    for (long at = 0; at < file.size(); ) {
      RamMap.Range range = range(file, at);
      ranges.add(range);
      at = range.offset() + range.size();
      if (ranges.size() > MAX_RANGES) {
        throw VmcoreException.at(file.name(), at, "LiME: more than " + MAX_RANGES + " ranges");
      }
    }
    try {
      return new RamMap(ranges);
    } catch (IllegalArgumentException e) {
      throw VmcoreException.of(file.name(), "LiME: " + e.getMessage(), e);
    }
  }

  private static RamMap.Range range(ByteSource file, long at) throws VmcoreException {
    byte[] header = new byte[HEADER_SIZE];
    long got = file.read(at, MemorySegment.ofArray(header));
    if (got < HEADER_SIZE) {
      throw VmcoreException.at(file.name(), at, "LiME: the file ends in a header");
    }
    Cursor in = cursor(file, at, header);
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

  private static Cursor cursor(ByteSource file, long at, byte[] bytes) {
    return Cursor.of(file.name(), at, MemorySegment.ofArray(bytes), ByteOrder.LITTLE_ENDIAN);
  }
}
