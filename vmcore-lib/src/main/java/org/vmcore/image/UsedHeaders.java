package org.vmcore.image;

import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.dump.Dump;
import org.vmcore.dump.SegmentCheck;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;

/** Which of a dump's program headers go into its image: those that are used and can be. */
final class UsedHeaders {
  private final Dump dump;
  private final List<ProgramHeader> all;

  /** By index: those that are left out. */
  private final BitSet left = new BitSet();

  private UsedHeaders(Dump dump) {
    this.dump = dump;
    this.all = dump.headers().programHeaders();
  }

  /** Checks the program headers of {@code dump}; each that is refused goes to {@code findings}. */
  static UsedHeaders of(Dump dump, List<Finding> findings) {
    UsedHeaders used = new UsedHeaders(dump);
    used.check(findings);
    return used;
  }

  private void check(List<Finding> findings) {
    SegmentCheck check = new SegmentCheck(elfClass(), dump.pageSize(), headerArea(true));
    for (int i = 0; i < all.size(); i++) {
      ProgramHeader header = all.get(i);
      String refusal = header.isLoad() || header.isNote() ? check.refusal(header) : "";
      if (!refusal.isEmpty()) {
        findings.add(refused(i, header, refusal));
      }
      if (!refusal.isEmpty() || !header.isUsed()) {
        left.set(i);
      }
    }
  }

  private static Finding refused(int index, ProgramHeader header, String why) {
    return new Finding(
        "program_headers",
        Finding.Severity.ERROR,
        OptionalLong.empty(),
        "program header " + index + " (" + header.typeName() + "): " + why);
  }

  private ElfClass elfClass() {
    return dump.headers().header().elfClass();
  }

  ProgramHeader get(int index) {
    return all.get(index);
  }

  /** Behind the last index. */
  int end() {
    return all.size();
  }

  /** The first index from {@code index} on that isn't left out; not below {@link #end} if none. */
  int next(int index) {
    return left.nextClearBit(index);
  }

  /** The same of a PT_NOTE. */
  int nextNote(int index) {
    int i = next(index);
    while (i < end() && !get(i).isNote()) {
      i = next(i + 1);
    }
    return i;
  }

  /** The number of program headers that aren't left out. */
  int count() {
    return all.size() - left.cardinality();
  }

  /** The number of PT_NOTEs. */
  int notes() {
    int count = 0;
    for (int i = nextNote(0); i < end(); i = nextNote(i + 1)) {
      count++;
    }
    return count;
  }

  /**
   * The size of the area that ELF header and program headers take up, in bytes: whole pages.
   *
   * @param hasNotes whether there is a PT_NOTE in any case
   */
  long headerArea(boolean hasNotes) {
    int notes = notes();
    int count = count() - notes + (notes > 0 || hasNotes ? 1 : 0);
    long size = elfClass().headerSize() + (long) count * elfClass().programHeaderSize();
    long section = count >= ElfHeader.PN_XNUM ? elfClass().sectionHeaderSize() : 0;
    return size + section + dump.pageSize() - 1 & -dump.pageSize();
  }
}
