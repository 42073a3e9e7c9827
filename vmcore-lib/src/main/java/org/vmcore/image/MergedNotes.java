package org.vmcore.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.dump.Dump;
import org.vmcore.dump.NoteWalk;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The notes of all PT_NOTEs, one behind the other and without gaps (merge_note_headers_elf64 of
 * fs/proc/vmcore.c), behind the device dumps'.
 */
final class MergedNotes {
  private final Dump dump;
  private final DeviceDumps devices;
  private final long align;
  private final NoteContents contents;
  private final List<NoteSegment> segments = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /** The image offset behind the last note so far. */
  private long end;

  /** The notes so far, the device dumps' included. */
  private int count;

  private MergedNotes(Dump dump, DeviceDumps devices, long align, NoteContents contents) {
    this.dump = dump;
    this.devices = devices;
    this.align = align;
    this.contents = contents;
    this.end = devices.end();
    this.count = devices.count();
  }

  /**
   * Sizes and merges the PT_NOTEs of {@code dump}, to lie behind its device dumps.
   *
   * @param align p_align of the merged header; when empty, a single PT_NOTE keeps its own and
   *     several get 4, as Linux has it since 6.12
   * @param contents how notes are read
   */
  static MergedNotes of(
      Dump dump, UsedHeaders used, DeviceDumps devices, OptionalInt align, NoteContents contents)
      throws VmcoreException {
    long own = used.notes() == 1 ? used.get(used.nextNote(0)).align() : 4;
    MergedNotes merged =
        new MergedNotes(dump, devices, align.isPresent() ? align.getAsInt() : own, contents);
    for (int i = used.nextNote(0); i < used.end(); i = used.nextNote(i + 1)) {
      if (merged.count < NoteWalk.MAX_NOTES) {
        merged.add(i);
      }
    }
    return merged;
  }

  private void add(int index) throws VmcoreException {
    NoteSegment segment = new NoteCollector(dump, index, end, count, contents, findings).collect();
    segments.add(segment);
    count += segment.notes().size();
    end += segment.size();
  }

  /** Whether there is a PT_NOTE at all. */
  boolean isPresent() {
    return !segments.isEmpty() || devices.count() > 0;
  }

  /** The PT_NOTEs before merging. */
  List<NoteSegment> segments() {
    return segments;
  }

  /** The device dumps' notes and the merged ones, in the image's order. */
  List<Note> notes() {
    List<Note> notes = devices.notes(contents);
    for (NoteSegment segment : segments) {
      notes.addAll(segment.notes());
    }
    return Collections.unmodifiableList(notes);
  }

  List<Finding> findings() {
    return findings;
  }

  /** The header that replaces all PT_NOTEs; its notes begin with the device dumps'. */
  ProgramHeader header() {
    long size = end - devices.start();
    return new ProgramHeader(ProgramHeader.PT_NOTE, 0, devices.start(), 0, 0, size, size, align);
  }

  /** The image offset behind the notes' last page. */
  long pagesEnd() {
    long page = dump.pageSize();
    return devices.end() + (end - devices.end() + page - 1 & -page);
  }

  /**
   * The notes as a piece of the image; empty when there are none. Those of a machine that runs are
   * copied: they are what they were when it was opened.
   *
   * @param arena the copy lives in it
   */
  Optional<Piece> piece(Arena arena) throws VmcoreException {
    if (end == devices.end()) {
      return Optional.empty();
    }
    NotesPiece piece = new NotesPiece(dump.memory(), filled(), pagesEnd());
    return Optional.of(dump.memory().isLive() ? copy(piece, arena) : piece);
  }

  private List<NoteSegment> filled() {
    List<NoteSegment> filled = new ArrayList<>(segments.size());
    for (NoteSegment segment : segments) {
      if (segment.size() > 0) {
        filled.add(segment);
      }
    }
    return filled;
  }

  private Piece copy(NotesPiece piece, Arena arena) throws VmcoreException {
    MemorySegment bytes = arena.allocate(end - piece.start());
    if (piece.read(piece.start(), bytes, 0, bytes.byteSize()) < bytes.byteSize()) {
      throw VmcoreException.of(dump.source(), "the notes can't be read");
    }
    return new HeldBytes(piece.start(), piece.end(), bytes.asReadOnly(), Chunk.Content.NOTES, 0);
  }
}
