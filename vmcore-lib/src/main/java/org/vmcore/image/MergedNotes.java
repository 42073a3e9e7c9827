package org.vmcore.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.vmcore.dump.Dump;
import org.vmcore.dump.NoteWalk;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileBacked;

/**
 * The notes of all PT_NOTEs, one behind the other and without gaps (merge_note_headers_elf64 of
 * fs/proc/vmcore.c). They stay where they are: only their places are kept here.
 */
final class MergedNotes {
  private static final String CHECK = "notes";

  private final OldMemory memory;
  private final List<NoteSegment> segments = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /** Those of {@link #segments} that hold a note. */
  private final List<NoteSegment> filled = new ArrayList<>();

  private final DeviceDumps devices;
  private final long align;
  private final long offset;
  private long size;
  private @Nullable MemorySegment copy;
  private int count;

  private MergedNotes(OldMemory memory, DeviceDumps devices, long align) {
    this.memory = memory;
    this.devices = devices;
    this.offset = devices.end();
    this.count = devices.count();
    this.align = align;
  }

  /**
   * Sizes and merges the PT_NOTEs of {@code dump}, to lie behind its device dumps.
   *
   * @param refused by index: the program headers that are left out
   * @param align p_align of the merged header; when empty, a single PT_NOTE keeps its own and
   *     several get 4, as Linux has it since 6.12
   */
  static MergedNotes of(Dump dump, BitSet refused, DeviceDumps devices, OptionalInt align)
      throws VmcoreException {
    List<ProgramHeader> all = dump.headers().programHeaders();
    int[] notes =
        IntStream.range(0, all.size())
            .filter(i -> all.get(i).isNote() && !refused.get(i))
            .toArray();
    long own = notes.length == 1 ? all.get(notes[0]).align() : 4;
    MergedNotes merged =
        new MergedNotes(dump.memory(), devices, align.isPresent() ? align.getAsInt() : own);
    for (int i = 0; i < notes.length && merged.count < NoteWalk.MAX_NOTES; i++) {
      merged.add(dump, notes[i], all.get(notes[i]));
    }
    return merged;
  }

  private void add(Dump dump, int index, ProgramHeader header) throws VmcoreException {
    List<Note> notes = new ArrayList<>();
    ByteOrder order = dump.headers().header().order();
    NoteWalk walk =
        new NoteWalk(dump.memory(), dump.source(), header.offset(), header.memsz(), order);
    long start = offset + size;
    long real = walk.walk(new Collector(index, start - header.offset(), notes));
    if (real == 0) {
      found(Finding.Severity.WARNING, index, header.offset(), "Zero PT_NOTE entries found");
    }
    NoteSegment segment =
        new NoteSegment(index, header.offset(), header.memsz(), start, real, List.copyOf(notes));
    segments.add(segment);
    if (real > 0) {
      filled.add(segment);
    }
    size += real;
  }

  /** Collects one PT_NOTE's notes. */
  private final class Collector implements NoteWalk.Visitor {
    private final int segment;
    private final long shift;
    private final List<Note> notes;

    Collector(int segment, long shift, List<Note> notes) {
      this.segment = segment;
      this.shift = shift;
      this.notes = notes;
    }

    @Override
    public boolean note(long at, NoteHeader header, String name) throws VmcoreException {
      long offset = at + shift;
      notes.add(
          new Note(
              count++,
              segment,
              name,
              header.type(),
              offset,
              offset + header.descOffset(),
              header.descsz()));
      if (count < NoteWalk.MAX_NOTES) {
        return true;
      }
      warn(at, "more than " + NoteWalk.MAX_NOTES + " notes; the rest is dropped");
      return false;
    }

    @Override
    public void dropped(long at, NoteHeader header) throws VmcoreException {
      warn(
          at,
          "a note that passes the end of its PT_NOTE is dropped: n_namesz=0x"
              + Long.toHexString(header.namesz())
              + " n_descsz=0x"
              + Long.toHexString(header.descsz()));
    }

    @Override
    public void unreadable(long at) throws VmcoreException {
      found(Finding.Severity.ERROR, segment, at - 1, "the notes end where the file does");
    }

    private void warn(long at, String what) throws VmcoreException {
      found(Finding.Severity.WARNING, segment, at, what);
    }
  }

  /** Tells of the PT_NOTE at {@code index}, and where in the file its byte {@code at} lies. */
  private void found(Finding.Severity severity, int index, long at, String what)
      throws VmcoreException {
    Optional<FileSlice> place = FileBacked.of(memory, at, 1);
    findings.add(
        new Finding(
            CHECK,
            severity,
            place.isPresent() ? OptionalLong.of(place.get().offset()) : OptionalLong.empty(),
            "program header " + index + ": " + what));
  }

  /** In bytes, not rounded up to a page. */
  long size() {
    return size;
  }

  /** Whether there is a PT_NOTE at all. */
  boolean isPresent() {
    return !segments.isEmpty() || devices.count() > 0;
  }

  /** The PT_NOTEs before merging. */
  List<NoteSegment> segments() {
    return segments;
  }

  List<Finding> findings() {
    return findings;
  }

  /** The header that replaces all PT_NOTEs; its notes begin with the device dumps'. */
  ProgramHeader header() {
    long start = devices.start(0);
    long whole = offset - start + size;
    return new ProgramHeader(ProgramHeader.PT_NOTE, 0, start, 0, 0, whole, whole, align);
  }

  /** Copies the notes of a machine that runs: they are what they were when it was opened. */
  void copy(Arena arena, String file) throws VmcoreException {
    MemorySegment all = arena.allocate(size);
    if (read(offset, all) < size) {
      throw VmcoreException.of(file, "the notes can't be read");
    }
    copy = all.asReadOnly();
  }

  /** The bytes around image offset {@code at} that share its state. */
  Extent extentAt(long at) throws VmcoreException {
    NoteSegment segment = segmentAt(at);
    long shift = segment.offset() - segment.address();
    Extent extent = memory.extentAt(at - shift).clip(segment.address(), segment.size());
    return new Extent(extent.start() + shift, extent.size(), extent.state());
  }

  /** Why the byte at image offset {@code at} is lost. */
  Optional<Finding> lossAt(long at) throws VmcoreException {
    if (filled.isEmpty() || at >= offset + size) {
      return Optional.empty();
    }
    NoteSegment segment = segmentAt(at);
    return memory.lossAt(at - segment.offset() + segment.address());
  }

  /**
   * Copies notes from image offset {@code at} on to {@code dst}, up to the first unreadable one.
   */
  long read(long at, MemorySegment dst) throws VmcoreException {
    if (copy != null) {
      long n = Math.min(dst.byteSize(), offset + size - at);
      MemorySegment.copy(copy, at - offset, dst, 0, n);
      return n;
    }
    long done = 0;
    while (done < dst.byteSize() && at + done < offset + size) {
      NoteSegment segment = segmentAt(at + done);
      long here = at + done - segment.offset();
      long wanted = Math.min(dst.byteSize() - done, segment.size() - here);
      long got = memory.read(segment.address() + here, dst.asSlice(done, wanted));
      done += got;
      if (got < wanted) {
        break;
      }
    }
    return done;
  }

  private NoteSegment segmentAt(long at) {
    int low = 0;
    int high = filled.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (filled.get(middle).offset() <= at) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return filled.get(low);
  }
}
