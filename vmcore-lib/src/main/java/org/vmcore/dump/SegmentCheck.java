package org.vmcore.dump;

import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.values.Hex;

/**
 * Tells segments that can't be: those whose range wraps past 2^64, and those that an image has no
 * room for. One object looks at one table, in its order.
 */
public final class SegmentCheck {
  private final long page;
  private long room;

  /**
   * A check for images of {@code elfClass}, whose segments take up pages of {@code page} bytes,
   * behind a header area of at most {@code headerArea} bytes.
   */
  public SegmentCheck(ElfClass elfClass, long page, long headerArea) {
    this.page = page;
    this.room = (elfClass == ElfClass.ELF64 ? Long.MAX_VALUE : 1L << 32) - headerArea - page;
  }

  /** Why {@code segment} can't be; empty when it can. */
  public String refusal(ProgramHeader segment) {
    long size = segment.memsz();
    if (wraps(segment.offset(), size)) {
      return range("p_offset", segment.offset(), size) + " wraps past 2^64";
    }
    if (segment.isLoad() && segment.isPhysicalKnown() && wraps(segment.paddr(), size)) {
      return range("p_paddr", segment.paddr(), size) + " wraps past 2^64";
    }
    long head = segment.offset() & page - 1;
    if (size < 0 || size > room - head - page) {
      return "p_memsz " + Hex.of(size) + " is nonsense: no image can hold it";
    }
    room -= segment.isLoad() ? head + size + page - 1 & -page : size;
    return "";
  }

  private static boolean wraps(long start, long size) {
    long end = start + size;
    return end != 0 && Long.compareUnsigned(end, start) < 0;
  }

  private static String range(String field, long start, long size) {
    return field + " " + Hex.of(start) + " + p_memsz " + Hex.of(size);
  }
}
