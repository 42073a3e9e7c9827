package org.vmcore.verify;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.vmcore.arch.Machine;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.Note;
import org.vmcore.elf.NoteSegment;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.image.Image;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageCounts;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Every check there is of an open dump. A check that finds nothing wrong says what it saw. */
public final class Verification {
  /** How many overlaps are told one by one. */
  private static final int MAX_OVERLAPS = 16;

  private final CrashHeaders headers;
  private final Image image;
  private final Memory physical;
  private final OptionalLong infoKeptAt;
  private final List<Finding> findings = new ArrayList<>();

  private Verification(
      CrashHeaders headers, Image image, Memory physical, OptionalLong infoKeptAt) {
    this.headers = headers;
    this.image = image;
    this.physical = physical;
    this.infoKeptAt = infoKeptAt;
  }

  /**
   * Checks a dump.
   *
   * @param headers the crash headers, before notes were merged
   * @param physical the physical memory, behind the dump's edge: what fails there is reported
   * @param infoKeptAt where the kernel keeps VMCOREINFO of which the dump has no note: physical
   * @param done is told how many bytes more were looked at
   */
  public static List<Finding> of(
      CrashHeaders headers,
      Image image,
      Memory physical,
      OptionalLong infoKeptAt,
      LongConsumer done)
      throws VmcoreException {
    return new Verification(headers, image, physical, infoKeptAt).run(done);
  }

  private List<Finding> run(LongConsumer done) throws VmcoreException {
    elfHeader();
    findings.addAll(image.findings());
    programHeaders();
    overlaps();
    noteSegments();
    noteContents();
    vmcoreInfo();
    chunks();
    findings.addAll(PageContents.check(physical, image, done));
    if (headers.isDeviceMemory()) {
      findings.addAll(UnmappedSegments.check(image));
    }
    pages();
    return List.copyOf(findings);
  }

  private void elfHeader() {
    ElfHeader header = image.header();
    String order = header.order() == ByteOrder.LITTLE_ENDIAN ? "little-endian" : "big-endian";
    info(
        "elf_header",
        header.elfClass()
            + " "
            + order
            + " "
            + Machine.of(header)
            + ", page size "
            + image.pageSize());
  }

  private void programHeaders() {
    List<ProgramHeader> table = headers.programHeaders();
    long loads = table.stream().filter(ProgramHeader::isLoad).count();
    long notes = table.stream().filter(ProgramHeader::isNote).count();
    info("program_headers", loads + " PT_LOAD and " + notes + " PT_NOTE");
    if (loads == 0) {
      warning("program_headers", "no PT_LOAD: the dump holds no memory");
    }
    for (int i = 0; i < table.size(); i++) {
      ProgramHeader each = table.get(i);
      if (each.isLoad() && Long.compareUnsigned(each.filesz(), each.memsz()) > 0) {
        warning(
            "program_headers",
            "program header "
                + i
                + ": p_filesz "
                + Hex.of(each.filesz())
                + " is more than p_memsz "
                + Hex.of(each.memsz()));
      }
    }
    boolean known = image.segments().stream().anyMatch(s -> s.isLoad() && image.isVirtualKnown(s));
    info(
        "virtual_addresses",
        known ? "p_vaddr tells kernel addresses" : "p_vaddr doesn't tell virtual addresses");
  }

  private void overlaps() {
    Integer[] order = new Integer[image.segments().size()];
    Arrays.setAll(order, i -> i);
    List<ProgramHeader> table = image.segments();
    List<Integer> loads =
        Arrays.stream(order)
            .filter(i -> table.get(i).isLoad() && table.get(i).isPhysicalKnown())
            .filter(i -> table.get(i).memsz() > 0)
            .sorted((a, b) -> Long.compareUnsigned(table.get(a).paddr(), table.get(b).paddr()))
            .toList();
    int count = 0;
    int widest = -1;
    for (int i : loads) {
      if (widest >= 0 && overlap(table.get(widest), table.get(i))) {
        count++;
        if (count <= MAX_OVERLAPS) {
          info("overlaps", "PT_LOADs " + widest + " and " + i + " overlap in physical memory");
        }
      }
      if (widest < 0 || last(table.get(i)) >= last(table.get(widest))) {
        widest = i;
      }
    }
    if (count == 0 || count > MAX_OVERLAPS) {
      info("overlaps", count + " PT_LOADs overlap an earlier one in physical memory");
    }
  }

  private static boolean overlap(ProgramHeader low, ProgramHeader high) {
    return Long.compareUnsigned(high.paddr() - low.paddr(), low.memsz()) < 0;
  }

  /** The last byte's address, moved so that signed comparison orders unsigned addresses. */
  private static long last(ProgramHeader load) {
    return load.paddr() + load.memsz() - 1 + Long.MIN_VALUE;
  }

  private void noteSegments() {
    List<NoteSegment> segments = image.noteSegments();
    if (segments.isEmpty()) {
      lacking("notes", "no PT_NOTE");
      return;
    }
    long size = 0;
    for (NoteSegment segment : segments) {
      size += segment.size();
      info(
          "notes",
          "program header "
              + segment.index()
              + ": "
              + Hex.of(segment.size())
              + " of "
              + Hex.of(segment.memsz())
              + " bytes are notes ("
              + segment.notes().size()
              + ")");
    }
    info(
        "notes",
        segments.size()
            + " PT_NOTE merged into one of "
            + Hex.of(size)
            + " bytes at offset "
            + Hex.of(segments.getFirst().offset()));
  }

  private void noteContents() throws VmcoreException {
    int decoded = 0;
    int raw = 0;
    for (Note note : image.notes()) {
      try {
        if (decode(note)) {
          decoded++;
        } else {
          raw++;
        }
      } catch (VmcoreException e) {
        findings.add(
            Finding.warning(
                "note_contents",
                note.offset(),
                "note " + note.index() + " (" + note.typeName() + "): " + e.reason()));
      }
    }
    info("note_contents", decoded + " notes decoded, " + raw + " of types that stay raw");
  }

  private boolean decode(Note note) throws VmcoreException {
    if (note.isPrStatus()) {
      note.prStatus();
    } else if (note.isQemuCpuState()) {
      note.qemuCpuState();
    } else if (note.isVmcoredd()) {
      note.vmcoredd();
    } else {
      return note.isVmcoreInfo() || !note.registers().isEmpty();
    }
    return true;
  }

  /** The note is read, not what was kept of it: what of it is lost by now is to be found. */
  private Optional<VmcoreInfo> readVmcoreInfo() throws VmcoreException {
    for (NoteSegment segment : image.noteSegments()) {
      for (Note note : segment.notes()) {
        if (note.isVmcoreInfo()) {
          return Optional.of(note.vmcoreInfo());
        }
      }
    }
    return Optional.empty();
  }

  private void vmcoreInfo() throws VmcoreException {
    Optional<VmcoreInfo> info = readVmcoreInfo();
    if (info.isEmpty() && infoKeptAt.isPresent()) {
      info("vmcoreinfo", "no note; the kernel keeps it at " + Hex.of(infoKeptAt.getAsLong()));
      return;
    }
    if (info.isEmpty()) {
      lacking("vmcoreinfo", "no VMCOREINFO note");
      return;
    }
    info(
        "vmcoreinfo",
        info.get().values().size() + " keys, kernel " + info.get().osRelease().orElse("unnamed"));
    info.get()
        .text()
        .lines()
        .filter(line -> !line.isEmpty() && line.indexOf('=') < 0)
        .forEach(line -> warning("vmcoreinfo", "a line without '=': " + line));
  }

  private void chunks() {
    long fractional = 0;
    long oldMem = 0;
    for (Chunk chunk : image.chunks()) {
      switch (chunk) {
        case Chunk.OldMem _ -> oldMem++;
        case Chunk.Buffer buffer -> fractional += buffer.content() == Chunk.Content.LOAD ? 1 : 0;
      }
    }
    info("chunks", oldMem + " OLDMEM chunks, " + fractional + " BUFFER chunks of fractional pages");
  }

  private void pages() throws VmcoreException {
    PageCounts counts = image.pageCounts();
    List<String> counted = new ArrayList<>();
    for (PageState state : PageState.values()) {
      counted.add(counts.of(state) + " " + state.label().replace('_', ' '));
    }
    info("pages", "page frames: " + String.join(", ", counted));
  }

  /** What a kernel's dump should have, and a device's never has. */
  private void lacking(String check, String message) {
    if (headers.isDeviceMemory()) {
      info(check, message + ", as is to be expected of a device's memory");
    } else {
      warning(check, message);
    }
  }

  private void info(String check, String message) {
    findings.add(Finding.info(check, message));
  }

  private void warning(String check, String message) {
    findings.add(new Finding(check, Finding.Severity.WARNING, OptionalLong.empty(), message));
  }
}
