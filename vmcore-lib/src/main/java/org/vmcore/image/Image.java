package org.vmcore.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vmcore.dump.Dump;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileBacked;
import org.vmcore.open.DeviceDump;
import org.vmcore.open.Padding;

/**
 * The vmcore list of a dump, served as {@code /proc/vmcore} serves it. Addresses are offsets in the
 * image.
 *
 * <p>Memory costs what the number of segments costs: chunks stay in old memory until they are read.
 */
public final class Image implements Memory {
  private static final long ZEROS_SIZE = 1 << 16;
  private static final MemorySegment ZEROS =
      MemorySegment.ofArray(new byte[(int) ZEROS_SIZE]).asReadOnly();

  private final Layout layout;
  private final OldMemory memory;
  private final MemorySegment header;
  private final FractionalPages fractional;
  private final boolean virtualKnown;
  private volatile @Nullable SegmentMemory physical;
  private volatile @Nullable SegmentMemory virtual;

  private Image(Layout layout, OldMemory memory, FractionalPages fractional) {
    this.layout = layout;
    this.memory = memory;
    this.fractional = fractional;
    this.header = header(layout);
    this.virtualKnown = VirtualAddresses.areKnown(layout.exported());
  }

  /**
   * The image of {@code dump}.
   *
   * @param noteAlign p_align of the merged PT_NOTE; when empty, a single PT_NOTE keeps its own and
   *     several get 4
   * @param deviceDumps what drivers add, in front of the notes
   * @param arena what is copied lives in it
   */
  public static Image of(
      Dump dump, Padding padding, OptionalInt noteAlign, List<DeviceDump> deviceDumps, Arena arena)
      throws VmcoreException {
    Layout layout = Layout.of(dump, padding, noteAlign, deviceDumps);
    FractionalPages pages =
        new FractionalPages(dump.memory(), dump.source(), 2 * layout.loads(), arena);
    Image image = new Image(layout, dump.memory(), pages);
    if (dump.memory().isLive()) {
      layout.notes().copy(arena, dump.source());
      image.copyFractionalPages();
    }
    return image;
  }

  private static MemorySegment header(Layout layout) {
    ElfHeader elf = layout.header();
    List<ProgramHeader> table = layout.exported();
    long size =
        elf.elfClass().headerSize() + (long) table.size() * elf.elfClass().programHeaderSize();
    long section = elf.phnum() == ElfHeader.PN_XNUM ? elf.elfClass().sectionHeaderSize() : 0;
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) (size + section)]);
    ElfWriter out = new ElfWriter(bytes, elf.elfClass(), elf.order());
    out.header(elf);
    table.forEach(out::programHeader);
    if (section > 0) {
      out.skip(elf.elfClass().sectionInfoOffset()).u32(table.size());
    }
    return bytes.asReadOnly();
  }

  private void copyFractionalPages() throws VmcoreException {
    for (int load = 0; load < layout.loads(); load++) {
      if (layout.headEnd(load) > 0) {
        buffer(load, 0);
      }
      if (layout.tailStart(load) < layout.span(load)) {
        buffer(load, layout.tailStart(load));
      }
    }
  }

  /** The size of the image in bytes, a multiple of the page size. */
  public long size() {
    return layout.size();
  }

  /** In bytes. */
  public long pageSize() {
    return layout.pageSize();
  }

  /** The exported ELF header. */
  public ElfHeader header() {
    return layout.header();
  }

  /** The exported program headers. */
  public List<ProgramHeader> segments() {
    return layout.exported();
  }

  /** The chunks in the image's order. */
  public List<Chunk> chunks() {
    return new ChunkList(layout);
  }

  /** The PT_NOTEs as they were before they were merged. */
  public List<NoteSegment> noteSegments() {
    return layout.notes().segments();
  }

  /** The device dumps' notes and the merged ones, in the image's order. */
  public List<Note> notes() {
    List<Note> notes = layout.devices().notes();
    layout.notes().segments().forEach(each -> notes.addAll(each.notes()));
    return Collections.unmodifiableList(notes);
  }

  /** What was seen while the dump was opened and the image laid out. */
  public List<Finding> findings() {
    return List.copyOf(layout.findings());
  }

  /** The same bytes by physical address, as p_paddr tells. */
  public Memory physical() {
    return physicalSegments();
  }

  private SegmentMemory physicalSegments() {
    SegmentMemory known = physical;
    if (known == null) {
      physical = known = SegmentMemory.physical(this);
    }
    return known;
  }

  /** The same bytes by the kernel's virtual address, as far as p_vaddr tells. */
  public Memory virtual() {
    SegmentMemory known = virtual;
    if (known == null) {
      virtual = known = SegmentMemory.virtual(this);
    }
    return known;
  }

  /** Whether {@code segment}'s p_vaddr is a virtual address; some writers don't know it. */
  public boolean isVirtualKnown(ProgramHeader segment) {
    return virtualKnown && VirtualAddresses.isKnown(header(), segment);
  }

  /** The physical memory that some PT_LOAD tells of, in bytes. */
  public long memorySize() {
    return physicalSegments().covered();
  }

  /**
   * Tells {@code out} of every page frame from 0 to the last one with RAM, in ranges of ascending
   * page frame number. Neighbouring ranges differ in state.
   */
  public void pages(Consumer<PageRange> out) throws VmcoreException {
    PageFrames.walk(physicalSegments(), pageSize(), out);
  }

  @Override
  public long read(long offset, MemorySegment dst) throws VmcoreException {
    long address = layout.recentAddress(offset, dst.byteSize());
    if (address != Layout.ELSEWHERE) {
      long got = memory.read(address, dst);
      if (got == dst.byteSize()) {
        return got;
      }
    }
    return offset < 0 ? 0 : readRuns(offset, dst);
  }

  private long readRuns(long offset, MemorySegment dst) throws VmcoreException {
    long wanted = Math.min(dst.byteSize(), layout.size() - offset);
    long done = 0;
    while (done < wanted) {
      long n = readRun(offset + done, dst, done, wanted - done);
      if (n == 0) {
        break;
      }
      done += n;
    }
    return done;
  }

  private long readRun(long offset, MemorySegment dst, long at, long wanted)
      throws VmcoreException {
    if (offset >= layout.notesEnd()) {
      return readLoad(layout.loadAt(offset), offset, dst, at, wanted);
    }
    if (offset < layout.headerEnd()) {
      return copyPadded(header, 0, offset, layout.headerEnd(), dst, at, wanted);
    }
    return offset < layout.notesOffset()
        ? layout.devices().read(offset, dst, at, wanted)
        : readNotes(offset, dst, at, wanted);
  }

  private long readNotes(long offset, MemorySegment dst, long at, long wanted)
      throws VmcoreException {
    long end = layout.notesOffset() + layout.notes().size();
    if (offset < end) {
      return layout.notes().read(offset, dst.asSlice(at, Math.min(wanted, end - offset)));
    }
    return zero(dst, at, Math.min(wanted, layout.notesEnd() - offset));
  }

  private long readLoad(int load, long offset, MemorySegment dst, long at, long wanted)
      throws VmcoreException {
    long delta = offset - layout.pages(load);
    long tail = layout.tailStart(load);
    if (delta >= layout.headEnd(load) && delta < tail) {
      return readOldMemory(layout.base(load) + delta, dst, at, Math.min(wanted, tail - delta));
    }
    return readFractional(load, delta, dst, at, wanted);
  }

  private long readOldMemory(long address, MemorySegment dst, long at, long wanted)
      throws VmcoreException {
    boolean whole = at == 0 && wanted == dst.byteSize();
    long got = memory.read(address, whole ? dst : dst.asSlice(at, wanted));
    if (got > 0) {
      return got;
    }
    Extent extent = memory.extentAt(address);
    return extent.state() == PageState.NOT_RAM
        ? zero(dst, at, extent.clip(address, wanted).size())
        : 0;
  }

  private long readFractional(int load, long delta, MemorySegment dst, long at, long wanted)
      throws VmcoreException {
    long page = delta & -layout.pageSize();
    long n = Math.min(wanted, page + layout.pageSize() - delta);
    if (isMissing(fractionalExtent(load, delta))) {
      return 0;
    }
    MemorySegment bytes = buffer(load, page);
    Extent extent = fractionalExtent(load, delta); // what was copied may have been found lost
    if (isMissing(extent)) {
      return 0;
    }
    n = Math.min(n, extent.sizeFrom(layout.pages(load) + delta));
    long first = Math.max(page, layout.first(load)) - page;
    return copyPadded(bytes, first, delta - page, layout.pageSize(), dst, at, n);
  }

  private static boolean isMissing(Extent extent) {
    return extent.state() == PageState.EXCLUDED || extent.state() == PageState.LOST;
  }

  /** The buffer of the fractional page at delta {@code page}. */
  private MemorySegment buffer(int load, long page) throws VmcoreException {
    long first = Math.max(page, layout.first(load));
    long end = Math.min(page + layout.pageSize(), layout.end(load));
    int slot = 2 * load + (page == 0 ? 0 : 1);
    return fractional.get(slot, layout.base(load) + first, end - first);
  }

  /** Copies from a page of {@code size} bytes that holds {@code bytes} at {@code first}. */
  private static long copyPadded(
      MemorySegment bytes, long first, long from, long size, MemorySegment dst, long at, long n) {
    if (from < first) {
      return zero(dst, at, Math.min(n, first - from));
    }
    long left = first + bytes.byteSize() - from;
    if (left <= 0) {
      return zero(dst, at, Math.min(n, size - from));
    }
    long copied = Math.min(n, left);
    MemorySegment.copy(bytes, from - first, dst, at, copied);
    return copied;
  }

  private static long zero(MemorySegment dst, long at, long n) {
    for (long done = 0; done < n; done += ZEROS_SIZE) {
      MemorySegment.copy(ZEROS, 0, dst, at + done, Math.min(ZEROS_SIZE, n - done));
    }
    return n;
  }

  @Override
  public Extent extentAt(long offset) throws VmcoreException {
    if (offset < 0 || offset >= layout.size()) {
      return new Extent(layout.size(), -layout.size(), PageState.NOT_RAM);
    }
    if (offset >= layout.notesEnd()) {
      return loadExtent(layout.loadAt(offset), offset);
    }
    if (offset < layout.headerEnd()) {
      return new Extent(0, layout.headerEnd(), PageState.PRESENT);
    }
    if (offset < layout.notesOffset()) {
      return layout.devices().extentAt(offset);
    }
    long end = layout.notesOffset() + layout.notes().size();
    return offset < end
        ? layout.notes().extentAt(offset)
        : new Extent(end, layout.notesEnd() - end, PageState.PRESENT);
  }

  private Extent loadExtent(int load, long offset) throws VmcoreException {
    long delta = offset - layout.pages(load);
    long head = layout.headEnd(load);
    long tail = layout.tailStart(load);
    return delta >= head && delta < tail
        ? oldExtent(load, delta, head, tail)
        : fractionalExtent(load, delta);
  }

  /** Around the PT_LOAD's own bytes a fractional page holds zeros, which are always there. */
  private Extent fractionalExtent(int load, long delta) throws VmcoreException {
    long page = delta & -layout.pageSize();
    long pageEnd = page + layout.pageSize();
    long first = Math.max(page, layout.first(load));
    long end = Math.min(pageEnd, layout.end(load));
    if (delta < first) {
      return new Extent(layout.pages(load) + page, first - page, PageState.PRESENT);
    }
    return delta < end
        ? oldExtent(load, delta, first, end)
        : new Extent(layout.pages(load) + end, pageEnd - end, PageState.PRESENT);
  }

  private Extent oldExtent(int load, long delta, long from, long to) throws VmcoreException {
    long base = layout.base(load);
    Extent extent = memory.extentAt(base + delta).clip(base + from, to - from);
    return new Extent(extent.start() - base + layout.pages(load), extent.size(), extent.state());
  }

  @Override
  public Optional<Finding> lossAt(long offset) throws VmcoreException {
    if (offset < layout.notesOffset() || offset >= layout.size()) {
      return Optional.empty();
    }
    if (offset < layout.notesEnd()) {
      return layout.notes().lossAt(offset);
    }
    int load = layout.loadAt(offset);
    return memory.lossAt(layout.base(load) + (offset - layout.pages(load)));
  }

  /**
   * The file bytes behind {@code size} bytes at {@code offset}, as {@link FileBacked#backing} gives
   * them; empty for what isn't OLDMEM.
   */
  Optional<FileSlice> backing(long offset, long size) throws VmcoreException {
    if (offset < layout.notesEnd()) {
      return Optional.empty();
    }
    int load = layout.loadAt(offset);
    long delta = offset - layout.pages(load);
    long tail = layout.tailStart(load);
    return delta >= layout.headEnd(load) && delta < tail
        ? FileBacked.of(memory, layout.base(load) + delta, Math.min(size, tail - delta))
        : Optional.empty();
  }

  /** The end of the chunk that {@code offset} lies in. */
  long chunkEnd(long offset) {
    if (offset < layout.notesEnd()) {
      return layout.notesEnd();
    }
    int load = layout.loadAt(offset);
    long delta = offset - layout.pages(load);
    long head = layout.headEnd(load);
    long tail = layout.tailStart(load);
    long end = delta < head ? head : delta < tail ? tail : layout.span(load);
    return layout.pages(load) + end;
  }

  /** Whether {@code offset} lies in a BUFFER chunk. */
  boolean isBuffer(long offset) {
    if (offset < layout.notesEnd()) {
      return true;
    }
    int load = layout.loadAt(offset);
    long delta = offset - layout.pages(load);
    return delta < layout.headEnd(load) || delta >= layout.tailStart(load);
  }
}
