package org.vmcore.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.dump.Dump;
import org.vmcore.dump.NoteWalk;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileBacked;
import org.vmcore.values.Hex;

/** Collects the notes of one PT_NOTE, and what is wrong with it. */
final class NoteCollector implements NoteWalk.Visitor {
  private final Dump dump;
  private final int index;
  private final ProgramHeader header;
  private final long start;
  private final int number;
  private final NoteContents contents;
  private final List<Finding> findings;
  private final List<Note> notes = new ArrayList<>();

  /**
   * A collector for program header {@code index}.
   *
   * @param start the image offset of its first note
   * @param number the number of its first note
   * @param contents how its notes are read
   * @param findings where findings are added
   */
  NoteCollector(
      Dump dump, int index, long start, int number, NoteContents contents, List<Finding> findings) {
    this.dump = dump;
    this.index = index;
    this.header = dump.headers().programHeaders().get(index);
    this.start = start;
    this.number = number;
    this.contents = contents;
    this.findings = findings;
  }

  /** Walks over the notes. */
  NoteSegment collect() throws VmcoreException {
    NoteWalk walk =
        new NoteWalk(
            dump.memory(),
            dump.source(),
            header.offset(),
            header.memsz(),
            dump.headers().header().order());
    long real = walk.walk(this);
    if (real == 0) {
      warn(header.offset(), "Zero PT_NOTE entries found");
    }
    return new NoteSegment(index, header.offset(), header.memsz(), start, real, List.copyOf(notes));
  }

  @Override
  public boolean note(long at, NoteHeader note, String name) throws VmcoreException {
    long offset = at - header.offset() + start;
    notes.add(
        new ImageNote(
            number + notes.size(),
            index,
            name,
            note.type(),
            offset,
            offset + note.descOffset(),
            note.descsz(),
            contents));
    if (number + notes.size() < NoteWalk.MAX_NOTES) {
      return true;
    }
    warn(at, "more than " + NoteWalk.MAX_NOTES + " notes; the rest is dropped");
    return false;
  }

  @Override
  public void dropped(long at, NoteHeader note) throws VmcoreException {
    warn(
        at,
        "a note that passes the end of its PT_NOTE is dropped: n_namesz="
            + Hex.of(note.namesz())
            + " n_descsz="
            + Hex.of(note.descsz()));
  }

  @Override
  public void unreadable(long at) throws VmcoreException {
    found(Finding.Severity.ERROR, at - 1, "the notes end where the file does");
  }

  private void warn(long at, String what) throws VmcoreException {
    found(Finding.Severity.WARNING, at, what);
  }

  /** Adds a finding, with the place in the file where old memory's byte {@code at} lies. */
  private void found(Finding.Severity severity, long at, String what) throws VmcoreException {
    Optional<FileSlice> place = FileBacked.of(dump.memory(), at, 1);
    OptionalLong offset =
        place.isPresent() ? OptionalLong.of(place.get().offset()) : OptionalLong.empty();
    findings.add(new Finding("notes", severity, offset, "program header " + index + ": " + what));
  }
}
