package org.vmcore.format.raw;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.dump.Dump;
import org.vmcore.dump.PageSize;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.RamMap;
import org.vmcore.search.VmcoreInfoSearch;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;

/**
 * A RAM image without crash headers, opened as a dump: they are made from the ranges of its RAM and
 * from the VMCOREINFO note that is found in it.
 *
 * <p>Each PT_LOAD's p_offset is its p_paddr; p_vaddr is 0, for nothing tells where it is mapped.
 */
public final class RamDump {
  private static final String CHECK = "crash_headers";
  private static final int MAX_LISTED = 4;
  private static final int RWX = 7;

  private final ByteSource source;
  private final RamMap map;
  private final List<Finding> findings;

  private RamDump(ByteSource source, RamMap map, List<Finding> findings) {
    this.source = source;
    this.map = map;
    this.findings = findings;
  }

  /**
   * Opens the RAM that lies in {@code source} by {@code map}, and scans it for VMCOREINFO.
   *
   * @param format the format's name
   * @param pageSize in bytes; when empty, what VMCOREINFO tells, else 4096
   * @param findings where what is seen is told
   * @throws VmcoreException when it can't be read
   */
  public static Dump open(
      String format, ByteSource source, RamMap map, OptionalLong pageSize, List<Finding> findings)
      throws VmcoreException {
    OldMemory ram = FileOldMemory.of(map, source);
    CrashHeaders headers = new RamDump(source, map, findings).headers(ram);
    PageSize page = PageSize.find(pageSize, ram, source.name(), headers, findings);
    return new Dump(format, source.name(), headers, ram, page, findings);
  }

  private CrashHeaders headers(OldMemory ram) throws VmcoreException {
    reportLoss();
    List<AddressRange> ranges = joined();
    findings.add(Finding.info(CHECK, "made from the RAM's ranges: " + listed(ranges)));
    List<VmcoreInfoNote> notes = VmcoreInfoSearch.search(ram, source.name());
    reportChoice(notes);
    List<ProgramHeader> all = new ArrayList<>(ranges.size() + 1);
    if (!notes.isEmpty()) {
      all.add(header(ProgramHeader.PT_NOTE, 0, notes.getFirst().area()));
    }
    ranges.forEach(range -> all.add(header(ProgramHeader.PT_LOAD, RWX, range)));
    return CrashHeaders.of(machine(notes), all);
  }

  private static ProgramHeader header(int type, int flags, AddressRange range) {
    return new ProgramHeader(
        type, flags, range.start(), 0, range.start(), range.size(), range.size(), 0);
  }

  /** The ranges of RAM; those that touch are one. */
  private List<AddressRange> joined() {
    List<AddressRange> joined = new ArrayList<>();
    for (RamMap.Range range : map.ranges()) {
      boolean touches = !joined.isEmpty() && joined.getLast().last() + 1 == range.from();
      long start = touches ? joined.removeLast().start() : range.from();
      joined.add(AddressRange.inclusive(start, range.to()));
    }
    return joined;
  }

  private static String listed(List<AddressRange> ranges) {
    List<String> first = ranges.stream().limit(MAX_LISTED).map(AddressRange::toString).toList();
    int more = ranges.size() - first.size();
    return String.join(", ", first) + (more > 0 ? " and " + more + " more" : "");
  }

  private int machine(List<VmcoreInfoNote> notes) {
    int machine =
        notes.stream()
            .findFirst()
            .flatMap(note -> Architectures.of(note.info()))
            .map(architecture -> architecture.machine().number())
            .orElse(Machine.NONE);
    if (machine == Machine.NONE) {
      String why = notes.isEmpty() ? "there is no VMCOREINFO in it" : "VMCOREINFO doesn't tell it";
      findings.add(Finding.info(CHECK, "the architecture isn't known: " + why));
    }
    return machine;
  }

  /** More than one is there when an earlier kernel's was left in memory. */
  private void reportChoice(List<VmcoreInfoNote> notes) {
    int listed = Math.min(notes.size(), MAX_LISTED + 1);
    for (VmcoreInfoNote other : notes.subList(Math.min(1, listed), listed)) {
      String first = notes.getFirst().describe();
      String what = "VMCOREINFO: not taken: " + other.describe() + "; rather the first: " + first;
      findings.add(Finding.info(CHECK, what));
    }
    if (notes.size() > listed) {
      findings.add(
          Finding.info(CHECK, "VMCOREINFO: not taken: " + (notes.size() - listed) + " more"));
    }
  }

  private void reportLoss() throws VmcoreException {
    long lost = 0;
    int cut = 0;
    Optional<Finding> end = Optional.empty();
    for (RamMap.Range range : map.ranges()) {
      long position = source.position(range.file(), range.offset());
      Optional<Finding> here = source.endBefore(position + range.size() - 1);
      if (here.isPresent()) {
        lost += range.size() - source.available(position, range.size());
        cut++;
        end = end.or(() -> here);
      }
    }
    String what = "the file ends too early: " + lost + " bytes of " + cut + " ranges are lost";
    end.ifPresent(at -> findings.add(Finding.error("file_size", at.offset().orElse(0), what)));
  }
}
