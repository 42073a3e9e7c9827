package org.vmcore.image;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.dump.Dump;
import org.vmcore.elf.Note;
import org.vmcore.open.DeviceDump;

/** The device dumps of an image, one behind the other in front of the merged notes. */
final class DeviceDumps {
  private final long start;
  private final long end;
  private final List<DeviceDumpPiece> pieces = new ArrayList<>();

  private DeviceDumps(Dump dump, List<DeviceDump> dumps, long start) {
    this.start = start;
    ByteOrder order = dump.headers().header().order();
    long at = start;
    for (DeviceDump each : dumps) {
      DeviceDumpPiece piece = new DeviceDumpPiece(each, at, dump.pageSize(), order);
      pieces.add(piece);
      at = piece.end();
    }
    this.end = at;
  }

  /** The device dumps of {@code dump}'s image, the first at image offset {@code start}. */
  static DeviceDumps of(Dump dump, List<DeviceDump> dumps, long start) {
    return new DeviceDumps(dump, dumps, start);
  }

  int count() {
    return pieces.size();
  }

  /** The image offset of the first one. */
  long start() {
    return start;
  }

  /** The image offset behind the last one. */
  long end() {
    return end;
  }

  List<DeviceDumpPiece> pieces() {
    return pieces;
  }

  /** Their notes, numbered from 0. */
  List<Note> notes(NoteContents contents) {
    List<Note> notes = new ArrayList<>();
    for (DeviceDumpPiece piece : pieces) {
      notes.add(piece.note(notes.size(), contents));
    }
    return notes;
  }
}
