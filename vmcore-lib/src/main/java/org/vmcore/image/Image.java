package org.vmcore.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.vmcore.arch.KernelMachine;
import org.vmcore.dump.Dump;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.PageRange;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.CountedPages;
import org.vmcore.oldmem.PageTally;
import org.vmcore.open.OpenOptions;
import org.vmcore.segments.PageFrames;
import org.vmcore.segments.SegmentMemories;
import org.vmcore.segments.VirtualAddresses;
import org.vmcore.values.Hex;

/**
 * The vmcore list of a dump, served as {@code /proc/vmcore} serves it. Addresses are offsets in the
 * image.
 *
 * <p>Memory costs what the number of segments costs: chunks stay in old memory until they are read.
 */
public final class Image implements Memory, CountedPages {
  private final Layout layout;
  private final Pieces pieces;
  private final long pageSize;
  private final KernelMachine machine;
  private final VirtualAddresses virtualAddresses;
  private final SegmentMemories memories;
  private final List<Finding> findings;

  private Image(Dump dump, OpenOptions options, Guard guard, Arena arena) throws VmcoreException {
    NoteContents contents =
        new NoteContents(
            dump.source(), dump.headers().header(), guard.memory(this), () -> machine().machine());
    this.layout = Layout.of(dump, options, arena, contents);
    this.pageSize = dump.pageSize();
    this.pieces = layout.pieces();
    this.machine = KernelMachine.of(header(), notes(), vmcoreInfo(dump));
    this.findings = withDisagreement(layout.findings(), dump.headers().isDeviceMemory());
    this.virtualAddresses =
        new VirtualAddresses(header(), machine.machine(), vmcoreInfo(dump), segments());
    this.memories = new SegmentMemories(this, segments(), virtualAddresses, nothing(dump.format()));
  }

  /**
   * The image of {@code dump}.
   *
   * @param guard the dump's edge, through which its notes are read
   * @param arena what is copied lives in it
   */
  public static Image of(Dump dump, OpenOptions options, Guard guard, Arena arena)
      throws VmcoreException {
    return new Image(dump, options, guard, arena);
  }

  /** What no PT_LOAD tells of: where these are made of a RAM map, that is what matters. */
  private static String nothing(String format) {
    return switch (format) {
      case "raw", "lime" -> "the RAM map tells of no memory there";
      default -> "no PT_LOAD tells of memory there";
    };
  }

  /** A device's memory has no kernel that could differ from its headers. */
  private List<Finding> withDisagreement(List<Finding> seen, boolean isDevice) {
    Optional<String> otherwise = machine.disagreement(header());
    if (otherwise.isEmpty() || isDevice) {
      return seen;
    }
    List<Finding> all = new ArrayList<>(seen);
    all.add(
        new Finding("machine", Finding.Severity.WARNING, OptionalLong.empty(), otherwise.get()));
    return List.copyOf(all);
  }

  /** VMCOREINFO of the first such note, as far as it can be read. */
  private Optional<VmcoreInfo> vmcoreInfo(Dump dump) {
    if (dump.page().vmcoreInfo().isPresent()) {
      return dump.page().vmcoreInfo();
    }
    for (Note note : notes()) {
      if (note.isVmcoreInfo()) {
        return read(note);
      }
    }
    return Optional.empty();
  }

  private static Optional<VmcoreInfo> read(Note note) {
    try {
      return Optional.of(note.vmcoreInfo());
    } catch (VmcoreException e) {
      return Optional.empty(); // who asks for it is told
    }
  }

  /** The machine that the kernel ran on. */
  public KernelMachine machine() {
    return machine;
  }

  /** The size of the image in bytes, a multiple of the page size. */
  public long size() {
    return pieces.size();
  }

  /** In bytes. */
  public long pageSize() {
    return pageSize;
  }

  /** The exported ELF header. */
  public ElfHeader header() {
    return layout.headers().header();
  }

  /** The exported program headers. */
  public List<ProgramHeader> segments() {
    return layout.headers().segments();
  }

  /** What the file calls the memory of exported program header {@code index}. */
  public Optional<String> segmentName(int index) {
    return layout.headers().headers().name(index);
  }

  /** The chunks in the image's order. */
  public List<Chunk> chunks() {
    return new ChunkList(pieces);
  }

  /** The vmcore list itself. */
  Pieces pieces() {
    return pieces;
  }

  /** The PT_NOTEs as they were before they were merged. */
  public List<NoteSegment> noteSegments() {
    return layout.noteSegments();
  }

  /** The device dumps' notes and the merged ones, in the image's order. */
  public List<Note> notes() {
    return layout.notes();
  }

  /** What was seen while the dump was opened and the image laid out. */
  public List<Finding> findings() {
    return findings;
  }

  /** The same bytes by physical address, as p_paddr tells. */
  public Memory physical() {
    return memories.physical();
  }

  /** The same bytes by the kernel's virtual address, as far as p_vaddr tells. */
  public Memory virtual() {
    return memories.virtual();
  }

  /** Whether {@code segment}'s p_vaddr is a virtual address; some writers don't know it. */
  public boolean isVirtualKnown(ProgramHeader segment) {
    return virtualAddresses.isKnown(segment);
  }

  /** The physical memory that some PT_LOAD tells of, in bytes. */
  public long memorySize() {
    return memories.physical().covered();
  }

  /**
   * Tells {@code out} of every page frame from 0 to the last one with RAM, in ranges of ascending
   * page frame number. Neighbouring ranges differ in state.
   */
  public void pages(Consumer<PageRange> out) throws VmcoreException {
    PageFrames.walk(memories.physical(), pageSize, out);
  }

  /** How many page frames there are in each state, of those that {@link #pages} tells. */
  public PageCounts pageCounts() throws VmcoreException {
    return PageFrames.count(memories.physical(), pageSize);
  }

  /** The page frames of {@link #physical}, counted. */
  public CountedPages physicalPages() {
    return memories.physical();
  }

  @Override
  public long count(long offset, long size, long page, PageTally tally) throws VmcoreException {
    return contains(offset) && pieces.at(offset) instanceof WholePages whole
        ? whole.count(offset, size, page, tally)
        : 0;
  }

  @Override
  public long read(long offset, MemorySegment dst) throws VmcoreException {
    return pieces.read(offset, dst);
  }

  @Override
  public Extent extentAt(long offset) throws VmcoreException {
    return contains(offset)
        ? pieces.at(offset).extentAt(offset)
        : new Extent(size(), -size(), PageState.NOT_RAM);
  }

  @Override
  public Optional<Finding> lossAt(long offset) throws VmcoreException {
    return contains(offset) ? pieces.at(offset).lossAt(offset) : Optional.empty();
  }

  @Override
  public String absenceAt(long offset) {
    return contains(offset)
        ? "a PT_LOAD tells of memory there, the RAM map of none"
        : "the image ends at " + Hex.of(size());
  }

  @Override
  public long blank(long offset, long most) throws VmcoreException {
    if (!contains(offset)) {
      return 0;
    }
    long wanted = most < 0 ? size() - offset : Math.min(most, size() - offset);
    long done = 0;
    while (done < wanted) {
      Piece piece = pieces.at(offset + done);
      long here = Math.min(wanted - done, piece.end() - (offset + done));
      long blank = piece.blank(offset + done, here);
      done += blank;
      if (blank < here) {
        break;
      }
    }
    return done;
  }

  private boolean contains(long offset) {
    return offset >= 0 && offset < size();
  }
}
