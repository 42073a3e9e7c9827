package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.BytesMemory;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.oldmem.JoinedMemory;
import org.vmcore.values.Hex;

/**
 * The notes that a file carries, given addresses in old memory.
 *
 * <p>Since header version 4 they are ELF notes, with VMCOREINFO among them; version 3 has the text
 * of VMCOREINFO alone, from which its note is made. What makedumpfile erased is told in a text of
 * its own, of which a note is made, too.
 */
final class KdumpNotes {
  private static final String CHECK = "notes";
  private static final long ALIGNMENT = 4096;

  private final KdumpPart part;
  private final List<Finding> findings;
  private final List<ProgramHeader> headers = new ArrayList<>();
  private OldMemory memory;

  private KdumpNotes(KdumpPart part, List<Finding> findings) {
    this.part = part;
    this.findings = findings;
    this.memory = new FileOldMemory.Builder(part.file()).build();
  }

  /**
   * The notes of {@code part}.
   *
   * @param start the first of their addresses
   */
  static KdumpNotes of(KdumpPart part, long start, List<Finding> findings) throws VmcoreException {
    KdumpNotes notes = new KdumpNotes(part, findings);
    KdumpSubHeader sub = part.sub();
    if (notes.isFileRange("note", sub.offsetNote(), sub.sizeNote())) {
      notes.addNotes(start);
    } else if (notes.isFileRange("vmcoreinfo", sub.offsetVmcoreinfo(), sub.sizeVmcoreinfo())) {
      notes.addVmcoreInfo(start);
    }
    if (notes.isFileRange("eraseinfo", sub.offsetEraseinfo(), sub.sizeEraseinfo())) {
      notes.addEraseInfo(start);
    }
    return notes;
  }

  /** The PT_NOTEs; none when there are no notes. */
  List<ProgramHeader> headers() {
    return headers;
  }

  /** The memory that they point into. */
  OldMemory memory() {
    return memory;
  }

  /**
   * What the kernel tells of itself, as far as the sub header says where; empty when it doesn't.
   */
  Optional<VmcoreInfo> vmcoreInfo() throws VmcoreException {
    KdumpSubHeader sub = part.sub();
    if (sub.offsetVmcoreinfo() <= 0 || sub.sizeVmcoreinfo() <= 0) {
      return Optional.empty();
    }
    return Optional.of(VmcoreInfo.parse(new String(text(), StandardCharsets.ISO_8859_1)));
  }

  private byte[] text() throws VmcoreException {
    return fileText(part.sub().offsetVmcoreinfo(), part.sub().sizeVmcoreinfo());
  }

  /** A text, as much of it as is in the file. */
  private byte[] fileText(long offset, long size) throws VmcoreException {
    byte[] text = new byte[(int) Math.min(size, VmcoreInfo.MAX_SIZE)];
    int got = (int) part.file().read(offset, MemorySegment.ofArray(text));
    return Arrays.copyOf(text, got);
  }

  /** The text of a VMCOREINFO note whose descriptor lies at {@code address} of {@link #memory}. */
  VmcoreInfo vmcoreInfoAt(long address, long size) throws VmcoreException {
    byte[] text = new byte[(int) Math.min(size, VmcoreInfo.MAX_SIZE)];
    int got = (int) memory.read(address, MemorySegment.ofArray(text));
    return VmcoreInfo.parse(new String(text, 0, got, StandardCharsets.ISO_8859_1));
  }

  private boolean isFileRange(String what, long offset, long size) {
    if (size == 0 && offset >= 0) {
      return false;
    }
    if (offset > 0 && size > 0 && offset + size > 0) {
      return true;
    }
    findings.add(
        Finding.error(
            CHECK,
            part.header().subHeaderOffset(),
            "sub header: offset_"
                + what
                + " "
                + Hex.of(offset)
                + " + size_"
                + what
                + " "
                + Hex.of(size)
                + " is no file range"));
    return false;
  }

  private void addNotes(long start) {
    KdumpSubHeader sub = part.sub();
    // What a truncated file has of it is found by what is lost; nothing can be longer than a file.
    long size = Math.min(sub.sizeNote(), Long.MAX_VALUE - start);
    memory =
        new FileOldMemory.Builder(part.file()).add(start, size, sub.offsetNote(), size).build();
    headers.add(note(start, size));
  }

  private void addVmcoreInfo(long start) throws VmcoreException {
    KdumpSubHeader sub = part.sub();
    byte[] text = text();
    if (text.length < Math.min(sub.sizeVmcoreinfo(), VmcoreInfo.MAX_SIZE)) {
      long end = sub.offsetVmcoreinfo() + text.length;
      findings.add(Finding.error(CHECK, end, "vmcoreinfo: the file ends in it"));
    }
    byte[] note = textNote(VmcoreInfo.NAME, text);
    memory = BytesMemory.at(start, note);
    headers.add(note(start, note.length));
  }

  /** The text of what was erased, as the note that ELF dumps have; behind the other notes. */
  private void addEraseInfo(long start) throws VmcoreException {
    KdumpSubHeader sub = part.sub();
    long end = headers.isEmpty() ? start : start + headers.getFirst().memsz();
    long at = end + ALIGNMENT & -ALIGNMENT;
    byte[] text = fileText(sub.offsetEraseinfo(), sub.sizeEraseinfo());
    if (at <= 0 || at + text.length + ALIGNMENT <= 0) {
      return; // the other notes claim all addresses there are
    }
    byte[] note = textNote("ERASEINFO", text);
    memory = new JoinedMemory(memory, at, BytesMemory.at(at, note));
    headers.add(note(at, note.length));
  }

  /** A note of type 0 that holds {@code text}. */
  private byte[] textNote(String title, byte[] text) {
    byte[] name = (title + '\0').getBytes(StandardCharsets.US_ASCII);
    NoteHeader header = new NoteHeader(name.length, text.length, 0);
    byte[] note = new byte[(int) header.size()];
    MemorySegment out = MemorySegment.ofArray(note);
    ValueLayout.OfInt u32 =
        ValueLayout.JAVA_INT_UNALIGNED.withOrder(part.header().layout().order());
    out.set(u32, 0, name.length);
    out.set(u32, 4, text.length);
    System.arraycopy(name, 0, note, NoteHeader.SIZE, name.length);
    System.arraycopy(text, 0, note, (int) header.descOffset(), text.length);
    return note;
  }

  private static ProgramHeader note(long start, long size) {
    return new ProgramHeader(ProgramHeader.PT_NOTE, 0, start, 0, 0, size, size, 4);
  }
}
