package org.vmcore.format.elf;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.dump.NoteWalk;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.RamMap;
import org.vmcore.values.Hex;

/**
 * An ELF dump whose program headers were never written: makedumpfile leaves room for them, writes
 * the notes right behind it, the memory right behind these, without gaps, and the program headers
 * at last ({@code write_elf_header} and {@code write_elf_pages_cyclic} of its {@code
 * makedumpfile.c}). They are made anew: one for the notes, and one for each range of memory whose
 * place is known.
 */
final class UnfinishedElf implements NoteWalk.Visitor {
  private static final int RWX = 7;
  private static final long LARGEST_NOTES = 64L << 20;
  private static final int LONGEST_NAME = 32;

  private final ByteSource file;
  private final ElfHeader header;
  private int budget = NoteWalk.MAX_NOTES;
  private long end;
  private Optional<VmcoreInfo> info = Optional.empty();

  private UnfinishedElf(ByteSource file, ElfHeader header) {
    this.file = file;
    this.header = header;
  }

  /**
   * The program headers that can be made.
   *
   * @param count how many the file should have
   * @param map where memory lies in the file, if somebody knows
   * @param findings where is told what is lost, and what helps
   */
  static List<ProgramHeader> table(
      ByteSource file, ElfHeader header, int count, Optional<RamMap> map, List<Finding> findings)
      throws VmcoreException {
    UnfinishedElf elf = new UnfinishedElf(file, header);
    long start = header.phoff() + (long) count * header.phentsize();
    elf.notes(start);
    List<ProgramHeader> made = new ArrayList<>();
    if (elf.end > start) {
      made.add(segment(ProgramHeader.PT_NOTE, 0, start, 0, 0, elf.end - start));
    }
    String advice = map.isPresent() ? elf.mapped(map.get(), made) : elf.placed(made);
    findings.add(
        Finding.error(
            "file_size",
            header.phoff(),
            "none of "
                + count
                + " program headers is a PT_LOAD or a PT_NOTE: the dump was not finished"
                + " (makedumpfile writes them last); "
                + (made.isEmpty()
                    ? "where its memory belongs is lost"
                    : "the notes are there, and " + advice)));
    return made;
  }

  private static ProgramHeader segment(
      int type, int flags, long offset, long vaddr, long paddr, long size) {
    return new ProgramHeader(type, flags, offset, vaddr, paddr, size, size, 0);
  }

  private void notes(long start) throws VmcoreException {
    end = start;
    long most = Math.min(LARGEST_NOTES, Math.max(0, file.size() - start));
    new NoteWalk(FileOldMemory.whole(file), file.name(), start, most, header.order()).walk(this);
  }

  /** What follows the last note is memory, which hardly looks like one. */
  @Override
  public boolean note(long at, NoteHeader note, String name) throws VmcoreException {
    boolean isNote = note.namesz() == name.length() + 1 && name.length() < LONGEST_NAME;
    for (int i = 0; i < name.length(); i++) {
      isNote &= name.charAt(i) > ' ' && name.charAt(i) < 0x7f;
    }
    if (!isNote || name.isEmpty()) {
      return false;
    }
    end = at + note.size();
    if (name.equals(VmcoreInfo.NAME)) {
      byte[] text = new byte[(int) Math.min(note.descsz(), VmcoreInfo.MAX_SIZE)];
      int got = (int) file.read(at + note.descOffset(), MemorySegment.ofArray(text));
      info = Optional.of(VmcoreInfo.parse(new String(text, 0, got, StandardCharsets.ISO_8859_1)));
    }
    return --budget > 0;
  }

  /** Adds what {@code map} says. */
  private String mapped(RamMap map, List<ProgramHeader> made) {
    for (RamMap.Range range : map.ranges()) {
      made.add(segment(ProgramHeader.PT_LOAD, RWX, range.offset(), 0, range.from(), range.size()));
    }
    return "its memory is where the RAM map says";
  }

  /** Adds what of the kernel's image is found, and says how more can be had. */
  private String placed(List<ProgramHeader> made) throws VmcoreException {
    String rest =
        (file.size() - end)
            + " bytes of memory from file offset "
            + Hex.of(end)
            + " on: where they belong is lost, unless --ram-map FROM-TO@OFFSET says it";
    Optional<PlacedImage> image =
        info.isEmpty() ? Optional.empty() : PlacedImage.find(file, end, info.get());
    if (image.isEmpty()) {
      return rest;
    }
    PlacedImage found = image.get();
    made.add(
        segment(
            ProgramHeader.PT_LOAD,
            RWX,
            found.offset(),
            found.vaddr(),
            found.paddr(),
            found.size()));
    return rest
        + "; the kernel's image was found from "
        + Hex.of(found.paddr())
        + " to "
        + Hex.of(found.paddr() + found.size() - 1)
        + found.advice();
  }
}
