package org.vmcore.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.dump.Dump;
import org.vmcore.dump.SegmentCheck;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.DeviceDump;
import org.vmcore.open.Padding;

/**
 * Where everything lies in the image: header area, notes, then a run of whole pages for each
 * PT_LOAD (process_ptload_program_headers_elf64 and set_vmcore_list_offsets of fs/proc/vmcore.c).
 *
 * <p>Chunks are not kept: a PT_LOAD's p_offset and p_memsz tell its one to three chunks.
 */
final class Layout {
  /** No address at which the bytes of a PT_LOAD that was not refused can begin. */
  static final long ELSEWHERE = -1;

  private final long page;
  private final Padding padding;
  private final DeviceDumps devices;
  private final MergedNotes notes;
  private final long headerEnd;
  private final long notesEnd;
  private final List<ProgramHeader> exported;
  private final List<Finding> findings;
  private final ElfHeader header;

  /** By PT_LOAD: the index of its exported program header. */
  private final int[] segment;

  /** By PT_LOAD: the image offset of its first page. Behind the last one: the image's size. */
  private final long[] pages;

  /** By PT_LOAD: the address in old memory of its first byte. */
  private final long[] address;

  /** By PT_LOAD: p_memsz. */
  private final long[] memsz;

  /** By PT_LOAD: the image offsets where its whole pages in old memory begin and end. */
  private final long[] wholeStart;

  private final long[] wholeEnd;

  /** By PT_LOAD: the number of chunks in front of its first. Behind the last one: all of them. */
  private final int[] chunks;

  /** The PT_LOAD that was looked up last: the next one is most likely the same. */
  private int recent;

  private Layout(
      Dump dump,
      Padding padding,
      List<ProgramHeader> kept,
      DeviceDumps devices,
      MergedNotes notes,
      List<Finding> findings) {
    this.page = dump.pageSize();
    this.padding = padding;
    this.devices = devices;
    this.notes = notes;
    this.headerEnd = devices.start(0);
    this.notesEnd = devices.end() + ((notes.size() + page - 1) & -page);
    this.findings = findings;
    this.exported = new ArrayList<>(kept.size());
    int loads = (int) kept.stream().filter(ProgramHeader::isLoad).count();
    segment = new int[loads];
    pages = new long[loads + 1];
    address = new long[loads];
    memsz = new long[loads];
    wholeStart = new long[loads];
    wholeEnd = new long[loads];
    chunks = new int[loads + 1];
    place(kept);
    header = dump.headers().header().withPhnum(exported.size());
  }

  static Layout of(Dump dump, Padding padding, OptionalInt noteAlign, List<DeviceDump> deviceDumps)
      throws VmcoreException {
    List<Finding> findings = new ArrayList<>(dump.findings());
    BitSet refused = refused(dump, findings);
    List<ProgramHeader> kept = kept(dump, refused);
    ElfHeader header = dump.headers().header();
    long headerArea = headerArea(dump, kept, !deviceDumps.isEmpty());
    DeviceDumps devices = DeviceDumps.of(deviceDumps, dump.pageSize(), headerArea, header.order());
    MergedNotes notes = MergedNotes.of(dump, refused, devices, noteAlign);
    findings.addAll(notes.findings());
    return new Layout(dump, padding, kept, devices, notes, findings);
  }

  private static List<ProgramHeader> kept(Dump dump, BitSet refused) {
    List<ProgramHeader> all = dump.headers().programHeaders();
    List<ProgramHeader> kept = new ArrayList<>(all.size() - refused.cardinality());
    for (int i = refused.nextClearBit(0); i < all.size(); i = refused.nextClearBit(i + 1)) {
      kept.add(all.get(i));
    }
    return kept;
  }

  private static BitSet refused(Dump dump, List<Finding> findings) {
    List<ProgramHeader> all = dump.headers().programHeaders();
    BitSet refused = new BitSet();
    SegmentCheck check =
        new SegmentCheck(
            dump.headers().header().elfClass(), dump.pageSize(), headerArea(dump, all, true));
    for (int i = 0; i < all.size(); i++) {
      ProgramHeader header = all.get(i);
      String refusal = header.isLoad() || header.isNote() ? check.refusal(header) : "";
      if (!refusal.isEmpty()) {
        findings.add(refused(i, header, refusal));
      }
      if (!refusal.isEmpty() || !header.isUsed()) {
        refused.set(i);
      }
    }
    return refused;
  }

  private static Finding refused(int index, ProgramHeader header, String why) {
    return new Finding(
        "program_headers",
        Finding.Severity.ERROR,
        OptionalLong.empty(),
        "program header " + index + " (" + header.typeName() + "): " + why);
  }

  private static long headerArea(Dump dump, List<ProgramHeader> kept, boolean hasNotes) {
    int notes = (int) kept.stream().filter(ProgramHeader::isNote).count();
    int count = kept.size() - notes + (notes > 0 || hasNotes ? 1 : 0);
    ElfClass elfClass = dump.headers().header().elfClass();
    long size = elfClass.headerSize() + (long) count * elfClass.programHeaderSize();
    long section = count >= ElfHeader.PN_XNUM ? elfClass.sectionHeaderSize() : 0;
    return size + section + dump.pageSize() - 1 & -dump.pageSize();
  }

  private void place(List<ProgramHeader> kept) {
    if (notes.isPresent()) {
      exported.add(notes.header());
    }
    int load = 0;
    pages[0] = notesEnd;
    for (ProgramHeader each : kept) {
      if (each.isLoad()) {
        placeLoad(each, load++);
      } else if (!each.isNote()) {
        exported.add(each);
      }
    }
  }

  private void placeLoad(ProgramHeader each, int load) {
    segment[load] = exported.size();
    address[load] = each.offset();
    memsz[load] = each.memsz();
    exported.add(each.withOffset(pages[load] + first(load)));
    pages[load + 1] = pages[load] + (end(load) + page - 1 & -page);
    wholeStart[load] = pages[load] + headEnd(load);
    wholeEnd[load] = pages[load] + tailStart(load);
    chunks[load + 1] = chunks[load] + chunksOf(load);
  }

  // --- the whole

  long pageSize() {
    return page;
  }

  ElfHeader header() {
    return header;
  }

  List<ProgramHeader> exported() {
    return Collections.unmodifiableList(exported);
  }

  MergedNotes notes() {
    return notes;
  }

  List<Finding> findings() {
    return findings;
  }

  DeviceDumps devices() {
    return devices;
  }

  /** The size of the header area, behind which device dumps and notes lie. */
  long headerEnd() {
    return headerEnd;
  }

  /** The image offset of the merged notes. */
  long notesOffset() {
    return devices.end();
  }

  /** The image offset behind the notes' last page. */
  long notesEnd() {
    return notesEnd;
  }

  long size() {
    return pages[loads()];
  }

  int loads() {
    return segment.length;
  }

  /** The PT_LOAD that image offset {@code offset}, which lies behind the notes, belongs to. */
  int loadAt(long offset) {
    int hint = recent;
    if (offset >= pages[hint] && offset < pages[hint + 1]) {
      return hint;
    }
    int found = search(offset);
    recent = found;
    return found;
  }

  private int search(long offset) {
    int i = Arrays.binarySearch(pages, 0, loads(), offset);
    if (i < 0) {
      return -i - 2;
    }
    while (pages[i] == pages[i + 1]) {
      i++; // a PT_LOAD without a page shares its offset with the next
    }
    return i;
  }

  // --- one PT_LOAD; a delta is a distance in bytes from its first page

  int segment(int load) {
    return segment[load];
  }

  long pages(int load) {
    return pages[load];
  }

  /** The size of its pages. */
  long span(int load) {
    return pages[load + 1] - pages[load];
  }

  /** The address in old memory of its first page. */
  long base(int load) {
    return address[load] & -page;
  }

  /** The delta of its first byte. */
  long first(int load) {
    return address[load] & page - 1;
  }

  /** The delta behind its last byte. */
  long end(int load) {
    return first(load) + memsz[load];
  }

  /** The delta where its head page ends: 0 when it has none. */
  long headEnd(int load) {
    return padding == Padding.OLDMEM || first(load) == 0 ? 0 : page;
  }

  /**
   * The address in old memory of {@code size} bytes from image offset {@code offset} on, if all of
   * them lie in whole pages of the PT_LOAD that was looked up last; else {@link #ELSEWHERE}.
   */
  long recentAddress(long offset, long size) {
    int load = recent;
    return load < wholeStart.length && offset >= wholeStart[load] && offset <= wholeEnd[load] - size
        ? base(load) + (offset - pages[load])
        : ELSEWHERE;
  }

  /** The delta where its tail page begins: the end of its pages when it has none. */
  long tailStart(int load) {
    long tail = end(load) & -page;
    boolean whole = padding == Padding.OLDMEM || tail == end(load);
    return whole ? span(load) : Math.max(tail, headEnd(load));
  }

  private int chunksOf(int load) {
    long span = span(load);
    long head = headEnd(load);
    long tail = tailStart(load);
    return (head > 0 ? 1 : 0) + (tail > head ? 1 : 0) + (tail < span ? 1 : 0);
  }

  /** The number of chunks of all PT_LOADs. */
  int chunkCount() {
    return chunks[loads()];
  }

  /** The number of chunks in front of {@code load}'s first one. */
  int firstChunk(int load) {
    return chunks[load];
  }

  /** The PT_LOAD that chunk {@code chunk} of all PT_LOADs' belongs to. */
  int loadOfChunk(int chunk) {
    int i = Arrays.binarySearch(chunks, 0, loads(), chunk);
    if (i < 0) {
      return -i - 2;
    }
    while (chunks[i] == chunks[i + 1]) {
      i++; // a PT_LOAD without a page has no chunk
    }
    return i;
  }
}
