package org.vmcore.format.elf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vmcore.dump.SegmentCheck;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.values.Hex;
import org.vmcore.values.PageSizes;

/**
 * The PT_NOTEs and PT_LOADs of an ELF file, given addresses in an old memory of their own: one
 * after the other, each PT_LOAD congruent to its p_paddr modulo the page.
 *
 * <p>The physical address itself would not do: PT_LOADs overlap, and what two of them say of one
 * page may differ. For a saved {@code /proc/vmcore} the addresses come out as the file's offsets.
 */
final class ElfSegments {
  private static final String CHECK = "program_headers";
  private static final long LARGEST_PAGE = 1 << 20;

  /** More than any table of program headers takes. */
  private static final long ROOM_FOR_HEADERS = 1L << 32;

  private final ByteSource file;
  private final ElfHeader header;
  private final SegmentTable table;
  private final List<ProgramHeader> kept;

  private ElfSegments(
      ByteSource file, ElfHeader header, SegmentTable table, List<ProgramHeader> kept) {
    this.file = file;
    this.header = header;
    this.table = table;
    this.kept = kept;
  }

  /** Leaves out what can't be: ranges that wrap, and headers that are no memory and no notes. */
  static ElfSegments check(
      ByteSource file, ElfHeader header, SegmentTable read, List<Finding> findings) {
    boolean mayBeVirtual = read.sections().isEmpty() && mayBeVirtual(read.segments());
    List<ProgramHeader> table =
        mayBeVirtual ? VirtualSegments.marked(header, read.segments(), findings) : read.segments();
    List<ProgramHeader> kept = new ArrayList<>(table.size());
    SegmentCheck check = new SegmentCheck(ElfClass.ELF64, LARGEST_PAGE, ROOM_FOR_HEADERS);
    int others = 0;
    for (int i = 0; i < table.size(); i++) {
      ProgramHeader segment = table.get(i);
      if (!segment.isUsed()) {
        others++;
        kept.add(segment);
        continue;
      }
      String refusal = refusal(check, segment);
      if (refusal.isEmpty()) {
        kept.add(segment.isNote() ? sized(segment) : segment);
      } else {
        kept.add(ProgramHeader.UNUSED);
        findings.add(Finding.error(CHECK, read.at(i), read.what(i) + ": " + refusal));
      }
    }
    if (others > 0) {
      findings.add(
          Finding.info(CHECK, others + " headers that are neither PT_LOAD nor PT_NOTE left out"));
    }
    return new ElfSegments(file, header, read, kept);
  }

  /** Whether some PT_LOAD may have no physical address: of most dumps none looks like it. */
  private static boolean mayBeVirtual(List<ProgramHeader> table) {
    boolean allZero = true;
    for (ProgramHeader segment : table) {
      if (segment.isLoad()) {
        if (segment.paddr() == -1 || segment.paddr() == VirtualSegments.NONE_32) {
          return true;
        }
        allZero &= segment.paddr() == 0;
      }
    }
    return allZero;
  }

  private static String refusal(SegmentCheck check, ProgramHeader segment) {
    long end = segment.offset() + segment.filesz();
    if (segment.offset() < 0 || segment.filesz() < 0 || end < 0) {
      return "p_offset "
          + Hex.of(segment.offset())
          + " + p_filesz "
          + Hex.of(segment.filesz())
          + " is no file range";
    }
    return check.refusal(segment);
  }

  /** Some writers leave a PT_NOTE's p_memsz 0; makedumpfile doesn't count in it what it adds. */
  private static ProgramHeader sized(ProgramHeader note) {
    return note.memsz() >= note.filesz()
        ? note
        : new ProgramHeader(
            note.type(),
            note.flags(),
            note.offset(),
            note.vaddr(),
            note.paddr(),
            note.filesz(),
            note.filesz(),
            note.align());
  }

  /** The program headers by their index in the file; those left out are unused. */
  List<ProgramHeader> kept() {
    return kept;
  }

  /** Tells what is worth knowing of the segments that are kept. */
  void report(List<Finding> findings) {
    long lost = 0;
    int cut = 0;
    boolean holes = false;
    int unaligned = 0;
    for (ProgramHeader segment : kept) {
      long missing = file.lost(segment.offset(), segment.filesz());
      long behind = segment.offset() + segment.filesz() - file.size();
      lost += missing;
      holes |= missing > Math.max(0, Math.min(segment.filesz(), behind));
      cut += missing > 0 ? 1 : 0;
      boolean congruent = (segment.offset() - address(segment)) % PageSizes.DEFAULT == 0;
      unaligned += segment.isLoad() && !congruent ? 1 : 0;
    }
    if (lost > 0) {
      findings.add(
          Finding.error(
              "file_size",
              file.size(),
              (holes ? "the file has holes: " : "the file ends too early: ")
                  + lost
                  + " bytes of "
                  + cut
                  + " segments are lost"));
    }
    if (unaligned > 0) {
      findings.add(
          Finding.info(
              "alignment",
              unaligned + " PT_LOADs whose p_offset is not congruent to p_paddr modulo 4096"));
    }
  }

  /** The segments with p_offset an address in the old memory that {@code memory} collects. */
  List<ProgramHeader> place(long page, FileOldMemory.Builder memory) {
    List<ProgramHeader> placed = new ArrayList<>(kept.size());
    long[] claimed = claimedOffsets();
    long next = roundUp(header.elfClass().headerSize(), page);
    for (ProgramHeader segment : kept) {
      if (!segment.isUsed()) {
        placed.add(segment);
        continue;
      }
      long address = next + (segment.isLoad() ? address(segment) & page - 1 : 0);
      placed.add(segment.withOffset(address));
      extent(segment, address, page, claimed, memory);
      next = roundUp(address + segment.memsz(), page);
    }
    return placed;
  }

  /** What tells where in a page {@code load} begins. */
  private static long address(ProgramHeader load) {
    return load.isPhysicalKnown() ? load.paddr() : load.vaddr();
  }

  /**
   * The kernel saves whole pages of old memory, so what stands in the file around a PT_LOAD is what
   * was in memory around it, unless something else of the file stands there.
   */
  private void extent(
      ProgramHeader segment, long at, long page, long[] claimed, FileOldMemory.Builder memory) {
    long head = segment.offset() & page - 1;
    long end = segment.offset() + segment.filesz();
    boolean aligned = segment.isLoad() && head == (at & page - 1) && segment.filesz() > 0;
    long before = aligned && isSpare(claimed, segment.offset() - head, segment.offset()) ? head : 0;
    long tail = -end & page - 1;
    boolean whole = aligned && segment.filesz() == segment.memsz();
    long after = whole && isSpare(claimed, end, end + tail) ? tail : 0;
    memory.add(
        at - before,
        before + segment.memsz() + after,
        segment.offset() - before,
        before + Math.min(segment.filesz(), segment.memsz()) + after);
  }

  /** The file ranges in use, as pairs (start, end) in ascending order, merged where they meet. */
  private long[] claimedOffsets() {
    List<long[]> ranges = new ArrayList<>(kept.size() + 4);
    ranges.add(SegmentTable.range(0, header.elfClass().headerSize()));
    ranges.addAll(table.claimed());
    for (ProgramHeader segment : kept) {
      ranges.add(SegmentTable.range(segment.offset(), segment.filesz()));
    }
    ranges.sort((a, b) -> Long.compare(a[0], b[0]));
    long[] merged = new long[ranges.size() * 2];
    int n = 0;
    for (long[] range : ranges) {
      if (range[0] == range[1]) {
        continue;
      }
      if (n > 0 && range[0] <= merged[n - 1]) {
        merged[n - 1] = Math.max(merged[n - 1], range[1]);
      } else {
        merged[n++] = range[0];
        merged[n++] = range[1];
      }
    }
    return Arrays.copyOf(merged, n);
  }

  private boolean isSpare(long[] claimed, long from, long to) {
    return free(claimed, from, to) && file.available(from, to - from) == to - from;
  }

  private static boolean free(long[] claimed, long from, long to) {
    if (from == to) {
      return true;
    }
    int i = Arrays.binarySearch(claimed, from);
    int next = i >= 0 ? i : -i - 1;
    boolean insideOne = i >= 0 ? next % 2 == 0 : next % 2 == 1;
    // At the end of one range the next may begin, but merged ranges leave a gap between them.
    int following = i >= 0 && next % 2 == 1 ? next + 1 : next;
    return !insideOne && (following >= claimed.length || claimed[following] >= to);
  }

  private static long roundUp(long value, long page) {
    return value + page - 1 & -page;
  }
}
