package org.vmcore.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** How failures speak of a dump. */
final class DumpWords {
  private DumpWords() {}

  static String hex(long number) {
    return "0x" + Long.toHexString(number);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** {@code the PT_NOTE at image offset 0x1000 has 2: NT_PRSTATUS of CPU 0, VMCOREINFO}. */
  static String notes(Vmcore vmcore, int most) {
    List<ProgramHeader> segments = vmcore.segments();
    Optional<ProgramHeader> table = segments.stream().filter(ProgramHeader::isNote).findFirst();
    if (table.isEmpty()) {
      return "there is no PT_NOTE";
    }
    List<Note> notes = vmcore.notes();
    List<String> names = new ArrayList<>();
    int prstatus = 0;
    for (Note note : notes.subList(0, Math.min(most, notes.size()))) {
      names.add(
          note.isPrStatus() ? note(note) + " of CPU " + cpu(vmcore, note, prstatus++) : note(note));
    }
    if (notes.size() > most) {
      names.add("…");
    }
    return "the PT_NOTE at image offset "
        + hex(table.get().offset())
        + " has "
        + (notes.isEmpty() ? "none" : notes.size() + ": " + String.join(", ", names));
  }

  private static String note(Note note) {
    return note.typeName().equals(note.name()) || note.isPrStatus()
        ? note.typeName()
        : note.name() + " " + note.typeName();
  }

  /** Of a kernel's own crash headers the n-th PT_NOTE is CPU n's; else notes are in their order. */
  private static int cpu(Vmcore vmcore, Note note, int order) {
    List<NoteSegment> areas = vmcore.noteSegments();
    for (int i = 0; areas.size() > 1 && i < areas.size(); i++) {
      if (areas.get(i).index() == note.segment()) {
        return i;
      }
    }
    return order;
  }

  static String segment(ProgramHeader segment) {
    return "PT_"
        + segment.typeName()
        + " paddr "
        + hex(segment.paddr())
        + " vaddr "
        + hex(segment.vaddr())
        + " memsz "
        + hex(segment.memsz());
  }

  static String chunk(Chunk chunk) {
    OptionalLong source = chunk.source();
    return (chunk instanceof Chunk.OldMem ? "OLDMEM" : "BUFFER " + chunk.content())
        + " at image offset "
        + hex(chunk.offset())
        + ", "
        + hex(chunk.size())
        + " bytes"
        + (source.isPresent() ? " of old memory at " + hex(source.getAsLong()) : "")
        + (chunk.segment() < 0 ? "" : ", segment " + chunk.segment());
  }

  private static boolean isFractional(Chunk chunk) {
    return chunk instanceof Chunk.Buffer && chunk.content() == Chunk.Content.LOAD;
  }

  /** Whether the page at {@code address} of old memory, or of RAM, is one of the chunk's. */
  private static boolean holds(Vmcore vmcore, Chunk chunk, long address, boolean isPhysical) {
    OptionalLong start = isPhysical ? physical(vmcore, chunk) : chunk.source();
    return start.isPresent() && Long.compareUnsigned(address - start.getAsLong(), chunk.size()) < 0;
  }

  /** The physical address of the chunk's first byte, as its PT_LOAD tells. */
  private static OptionalLong physical(Vmcore vmcore, Chunk chunk) {
    if (chunk.content() != Chunk.Content.LOAD) {
      return OptionalLong.empty();
    }
    ProgramHeader load = vmcore.segments().get(chunk.segment());
    return load.isPhysicalKnown()
        ? OptionalLong.of(load.paddr() + chunk.offset() - load.offset())
        : OptionalLong.empty();
  }

  /** The chunk of the fractional page at {@code page} of old memory, or of RAM. */
  static Optional<Chunk> fractional(Vmcore vmcore, long page, boolean isPhysical) {
    return vmcore.chunks().stream()
        .filter(each -> isFractional(each) && holds(vmcore, each, page, isPhysical))
        .findFirst();
  }

  /** What is at {@code page} in place of a fractional page. */
  static String instead(Vmcore vmcore, long page, boolean isPhysical, int most) {
    for (Chunk chunk : vmcore.chunks()) {
      if (holds(vmcore, chunk, page, isPhysical)) {
        return "it is whole: " + chunk(chunk);
      }
    }
    List<String> pages = new ArrayList<>();
    for (Chunk chunk : vmcore.chunks()) {
      if (isFractional(chunk) && pages.size() < most) {
        OptionalLong physical = physical(vmcore, chunk);
        pages.add(
            hex(chunk.source().orElse(0))
                + (physical.isPresent() ? " (physical " + hex(physical.getAsLong()) + ")" : ""));
      }
    }
    return "nothing of a PT_LOAD lies there; "
        + (pages.isEmpty()
            ? "no page is fractional"
            : "in old memory, fractional pages are at " + String.join(", ", pages));
  }

  /** {@code is lost: the file ends here}. */
  static String state(Memory memory, long address) throws VmcoreException {
    Extent extent = memory.extentAt(address);
    return switch (extent.state()) {
      case PRESENT -> "is present";
      case EXCLUDED -> "is excluded";
      case LOST -> "is lost" + memory.lossAt(address).map(why -> ": " + why.message()).orElse("");
      case NOT_RAM -> "isn't RAM: " + memory.absenceAt(address);
    };
  }

  static String state(PageState state) {
    return switch (state) {
      case PRESENT -> "present";
      case EXCLUDED -> "excluded";
      case LOST -> "lost";
      case NOT_RAM -> "no RAM";
    };
  }

  static String list(List<String> lines, int most) {
    StringBuilder text = new StringBuilder(list(lines.subList(0, Math.min(most, lines.size()))));
    if (lines.size() > most) {
      text.append("\n  … ").append(lines.size() - most).append(" more");
    }
    return text.toString();
  }

  static String list(List<String> lines) {
    return ":\n  " + String.join("\n  ", lines);
  }
}
