package org.vmcore.format.raw;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.KernelMachine;
import org.vmcore.arch.Machine;
import org.vmcore.dump.Dump;
import org.vmcore.dump.Input;
import org.vmcore.dump.PageSize;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.RamMap;
import org.vmcore.open.Search;
import org.vmcore.scan.SearchBudget;
import org.vmcore.search.KeptInfo;
import org.vmcore.search.KernelNames;
import org.vmcore.search.VmcoreInfoChoice;
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
  private final OptionalLong vmcoreInfo;
  private final Search search;
  private final List<Finding> findings;

  private RamDump(Input input, RamMap map) {
    this.source = input.file();
    this.map = map;
    this.vmcoreInfo = input.vmcoreInfo();
    this.search = input.search();
    this.findings = input.findings();
  }

  /**
   * Opens the RAM that lies in {@code input}'s file by {@code map}, and searches it for VMCOREINFO,
   * unless {@code input} says where that is.
   *
   * @param format the format's name
   * @throws VmcoreException when it can't be read
   */
  public static Dump open(String format, Input input, RamMap map) throws VmcoreException {
    ByteSource source = input.file();
    List<Finding> findings = input.findings();
    OldMemory ram = FileOldMemory.of(map, source);
    CrashHeaders headers = new RamDump(input, map).headers(ram);
    PageSize page = PageSize.find(input.pageSize(), ram, source.name(), headers, findings);
    return new Dump(format, source.name(), headers, ram, page, findings);
  }

  private CrashHeaders headers(OldMemory ram) throws VmcoreException {
    reportLoss();
    List<AddressRange> ranges = joined();
    findings.add(Finding.info(CHECK, "made from the RAM's ranges: " + listed(ranges)));
    Optional<VmcoreInfoNote> note = note(ram);
    ByteOrder order = note.isPresent() ? note.get().order() : ByteOrder.LITTLE_ENDIAN;
    Machine machine = machine(note, order, ram, ranges);
    PcRam.check(source, map, machine.number(), note.map(VmcoreInfoNote::info), findings);
    List<ProgramHeader> all = new ArrayList<>(ranges.size() + 1);
    if (note.isPresent()) {
      all.add(header(ProgramHeader.PT_NOTE, 0, note.get().area()));
    }
    ranges.forEach(range -> all.add(header(ProgramHeader.PT_LOAD, RWX, range)));
    return CrashHeaders.of(elfClass(machine, ranges), order, machine.number(), all);
  }

  /** The one that was asked for, else that which the kernel keeps, else the best of those found. */
  private Optional<VmcoreInfoNote> note(OldMemory ram) throws VmcoreException {
    if (vmcoreInfo.isPresent()) {
      return Optional.of(VmcoreInfoSearch.require(ram, source.name(), vmcoreInfo.getAsLong()));
    }
    Optional<VmcoreInfoNote> kept = KeptInfo.of(ram, source.name());
    if (kept.isPresent()) {
      return kept;
    }
    VmcoreInfoChoice choice = VmcoreInfoChoice.of(ram, search(ram));
    findings.addAll(choice.findings());
    return choice.best();
  }

  private List<VmcoreInfoNote> search(OldMemory ram) throws VmcoreException {
    try (SearchBudget budget = SearchBudget.of(search, VmcoreInfo.NAME, source.size())) {
      List<VmcoreInfoNote> notes = VmcoreInfoSearch.search(ram, source.name(), budget);
      budget.finding().ifPresent(findings::add);
      return notes;
    }
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

  private Machine machine(
      Optional<VmcoreInfoNote> note, ByteOrder order, OldMemory ram, List<AddressRange> ranges)
      throws VmcoreException {
    Machine none = Machine.of(Machine.NONE, Long.SIZE);
    Machine machine =
        KernelMachine.of(none, order, OptionalLong.empty(), note.map(VmcoreInfoNote::info))
            .machine();
    if (!machine.isKnown() && note.isPresent()) {
      machine = namedMachine(ram, ranges, note.get().info(), order);
    }
    if (!machine.isKnown()) {
      String why = note.isEmpty() ? "there is no VMCOREINFO in it" : "VMCOREINFO doesn't tell it";
      findings.add(Finding.info(CHECK, "the architecture isn't known: " + why));
    }
    return machine;
  }

  /** By the kernel's utsname; i386 without PAE and arm without LPAE have no keys of their own. */
  private static Machine namedMachine(
      OldMemory ram, List<AddressRange> ranges, VmcoreInfo info, ByteOrder order)
      throws VmcoreException {
    Machine said =
        KernelNames.machine(ram, ranges, info)
            .flatMap(Machine::named)
            .orElseGet(() -> Machine.of(Machine.NONE, Long.SIZE));
    return KernelMachine.of(said, order, OptionalLong.empty(), Optional.of(info)).machine();
  }

  /** That of the kernel's words; where memory is above 4 GiB that of 64 bits, as kexec has it. */
  private static ElfClass elfClass(Machine machine, List<AddressRange> ranges) {
    boolean isLow = ranges.isEmpty() || ranges.getLast().last() >>> Integer.SIZE == 0;
    return machine.bits() == Integer.SIZE && isLow ? ElfClass.ELF32 : ElfClass.ELF64;
  }

  private void reportLoss() throws VmcoreException {
    long lost = 0;
    int cut = 0;
    Optional<Finding> end = Optional.empty();
    for (RamMap.Range range : map.ranges()) {
      long position = source.position(range.file(), range.offset());
      Optional<Finding> here = source.lossAt(position + range.size() - 1);
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
