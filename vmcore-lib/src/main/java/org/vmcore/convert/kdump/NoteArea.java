package org.vmcore.convert.kdump;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.elf.Note;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.PlacedRun;

/**
 * The notes that a kdump-compressed dump has behind its sub header: all of the source, one behind
 * the other, but the texts of what was erased, which have a place of their own.
 */
final class NoteArea {
  private static final String ERASEINFO = "ERASEINFO";

  private final Vmcore vmcore;
  private final List<Note> notes = new ArrayList<>();
  private final List<Note> erased = new ArrayList<>();
  private long size;
  private long erasedSize;
  private OptionalLong infoAt = OptionalLong.empty();
  private long infoSize;

  private NoteArea(Vmcore vmcore) {
    this.vmcore = vmcore;
    vmcore.notes().forEach(this::add);
  }

  /** The notes of {@code vmcore}. */
  static NoteArea of(Vmcore vmcore) {
    return new NoteArea(vmcore);
  }

  private void add(Note note) {
    if (note.name().equals(ERASEINFO)) {
      erased.add(note);
      erasedSize += note.descsz();
      return;
    }
    if (note.isVmcoreInfo() && infoAt.isEmpty()) {
      infoAt = OptionalLong.of(size + note.descOffset() - note.offset());
      infoSize = note.descsz();
    }
    notes.add(note);
    size += sizeOf(note);
  }

  private static long sizeOf(Note note) {
    return note.descOffset() - note.offset() + NoteHeader.align4(note.descsz());
  }

  /** The bytes of the notes. */
  long size() {
    return size;
  }

  /** Where among them the text of VMCOREINFO is; empty when there is none. */
  OptionalLong infoAt() {
    return infoAt;
  }

  /** The bytes of that text. */
  long infoSize() {
    return infoSize;
  }

  /** The bytes of the texts of what was erased, which lie behind the notes. */
  long erasedSize() {
    return erasedSize;
  }

  /** Writes the notes, and behind them what was erased. What of it is lost becomes zeros. */
  void write(PlacedRun out) throws VmcoreException {
    for (Note note : notes) {
      copy(note.offset(), sizeOf(note), out);
    }
    for (Note note : erased) {
      copy(note.descOffset(), note.descsz(), out);
    }
  }

  private void copy(long from, long length, PlacedRun out) throws VmcoreException {
    long done = 0;
    while (done < length) {
      long at = from + done;
      done += out.append(length - done, dst -> readOrZeros(at, dst));
    }
  }

  private long readOrZeros(long at, MemorySegment dst) throws VmcoreException {
    long got = vmcore.read(at, dst);
    if (got > 0) {
      return got;
    }
    long gap = Math.min(dst.byteSize(), vmcore.extentAt(at).sizeFrom(at));
    dst.asSlice(0, gap).fill((byte) 0);
    return gap;
  }
}
