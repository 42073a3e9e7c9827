package org.vmcore.image;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.vmcore.dump.Dump;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.DeviceDump;
import org.vmcore.open.OpenOptions;

/**
 * Where everything lies in an image: header area, device dumps, notes, then a run of whole pages
 * for each PT_LOAD (set_vmcore_list_offsets of fs/proc/vmcore.c).
 *
 * @param headers what the image begins with
 * @param noteSegments the PT_NOTEs before merging
 * @param notes the device dumps' notes and the merged ones
 * @param findings what was seen while the dump was opened and the image laid out
 * @param pieces the vmcore list
 */
record Layout(
    ExportedHeaders headers,
    List<NoteSegment> noteSegments,
    List<Note> notes,
    List<Finding> findings,
    Pieces pieces) {

  /**
   * Lays out the image of {@code dump}.
   *
   * @param arena what is copied lives in it
   * @param contents how notes are read
   */
  static Layout of(Dump dump, OpenOptions options, Arena arena, NoteContents contents)
      throws VmcoreException {
    List<DeviceDump> dumps = options.deviceDumps();
    List<Finding> findings = new ArrayList<>(dump.findings());
    UsedHeaders used = UsedHeaders.of(dump, findings);
    DeviceDumps devices = DeviceDumps.of(dump, dumps, used.headerArea(!dumps.isEmpty()));
    MergedNotes notes = MergedNotes.of(dump, used, devices, options.noteAlign(), contents);
    findings.addAll(notes.findings());
    int loads = used.count() - used.notes();
    Loads table = new Loads(dump, options.padding(), loads, notes.pagesEnd(), arena);
    ExportedHeaders headers = export(dump, used, notes, table);
    Pieces pieces = new Pieces(front(headers, devices, notes, arena), table);
    if (dump.memory().isLive()) {
      table.copyFractionalPages();
    }
    return new Layout(
        headers, List.copyOf(notes.segments()), notes.notes(), List.copyOf(findings), pieces);
  }

  /** Places the PT_LOADs one behind the other in {@code loads}. */
  private static ExportedHeaders export(
      Dump dump, UsedHeaders used, MergedNotes notes, Loads loads) {
    List<ProgramHeader> exported = new ArrayList<>(used.count());
    List<String> names = new ArrayList<>();
    boolean isNamed = !dump.headers().names().isEmpty();
    if (notes.isPresent()) {
      exported.add(notes.header());
    }
    for (int i = used.next(0); i < used.end(); i = used.next(i + 1)) {
      ProgramHeader each = used.get(i);
      if (isNamed && !each.isNote()) {
        names.addAll(Collections.nCopies(exported.size() - names.size(), ""));
        names.add(dump.headers().name(i).orElse(""));
      }
      if (each.isLoad()) {
        exported.add(loads.add(each, exported.size()));
      } else if (!each.isNote()) {
        exported.add(each);
      }
    }
    ElfHeader header = dump.headers().header().withPhnum(exported.size());
    return new ExportedHeaders(new CrashHeaders(header, exported, names));
  }

  /** What lies in front of the PT_LOADs. */
  private static List<Piece> front(
      ExportedHeaders headers, DeviceDumps devices, MergedNotes notes, Arena arena)
      throws VmcoreException {
    List<Piece> front = new ArrayList<>();
    front.add(new HeldBytes(0, devices.start(), headers.bytes(), Chunk.Content.HEADER, -1));
    front.addAll(devices.pieces());
    Optional<Piece> merged = notes.piece(arena);
    if (merged.isPresent()) {
      front.add(merged.get());
    }
    return front;
  }
}
