package org.vmcore.remoteproc;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.vmcore.elf.ElfClass;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Ascending;
import org.vmcore.values.Hex;

/** Where a core's segments lie in its file, one right behind the other, and what is before them. */
final class CoreLayout {
  private static final long TOP_OF_32_BITS = 1L << 32;

  private final String name;
  private final List<DumpSegment> segments;
  private final long[] starts;
  private final long size;
  private final MemorySegment headers;

  private CoreLayout(
      String name, List<DumpSegment> segments, long[] starts, long size, MemorySegment headers) {
    this.name = name;
    this.segments = segments;
    this.starts = starts;
    this.size = size;
    this.headers = headers;
  }

  static CoreLayout of(String name, List<DumpSegment> segments, CoreHeaders form)
      throws VmcoreException {
    form.check(name, segments);
    long[] starts = new long[segments.size()];
    long end = form.size(name, segments);
    for (int i = 0; i < starts.length; i++) {
      DumpSegment segment = segments.get(i);
      checkRange(name, i, segment, form.elfClass());
      starts[i] = end;
      end += segment.size();
      if (end < 0 || (form.elfClass() == ElfClass.ELF32 && isBeyond(starts[i], end))) {
        throw refused(
            name,
            i,
            segment,
            "file offset "
                + Hex.of(starts[i])
                + " and size "
                + Hex.of(segment.size())
                + beyond(end < 0 ? ElfClass.ELF64 : form.elfClass()));
      }
    }
    return new CoreLayout(name, segments, starts, end, form.write(segments, starts));
  }

  private static void checkRange(String name, int index, DumpSegment segment, ElfClass elfClass)
      throws VmcoreException {
    long start = segment.deviceAddress();
    long end = start + segment.size();
    if (segment.size() < 0) {
      throw refused(name, index, segment, "its size is negative: " + segment.size());
    }
    boolean wraps = end != 0 && Long.compareUnsigned(end, start) < 0;
    boolean isNarrow = elfClass == ElfClass.ELF32;
    if (wraps || (isNarrow && (start < 0 || end < 0 || isBeyond(start, end)))) {
      throw refused(
          name,
          index,
          segment,
          "size " + Hex.of(segment.size()) + beyond(wraps ? ElfClass.ELF64 : elfClass));
    }
    for (byte b : segment.name()) {
      if (b == 0) {
        throw refused(name, index, segment, "its name has a NUL in it");
      }
    }
  }

  /** Whether 32 bits can't hold the start, or bytes lie beyond what they reach. */
  private static boolean isBeyond(long start, long end) {
    return start >= TOP_OF_32_BITS || end > TOP_OF_32_BITS;
  }

  private static String beyond(ElfClass elfClass) {
    return elfClass == ElfClass.ELF32
        ? " goes beyond the 4 GiB of ELF32; ELF64 can hold it"
        : " overflows 64 bits";
  }

  private static VmcoreException refused(String name, int index, DumpSegment segment, String why) {
    return VmcoreException.of(name, segment + ", number " + index + ": " + why);
  }

  String name() {
    return name;
  }

  List<DumpSegment> segments() {
    return segments;
  }

  /** The file offset of a segment. */
  long start(int index) {
    return starts[index];
  }

  /** Of the file, in bytes. */
  long size() {
    return size;
  }

  /** All that is in front of the first segment. */
  MemorySegment headers() {
    return headers;
  }

  /** The segment that has the byte at a file offset behind the headers. */
  int segmentAt(long offset) {
    return Ascending.floor(starts, starts.length, offset);
  }
}
