package org.vmcore.format.elf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.dump.Dump;
import org.vmcore.dump.Format;
import org.vmcore.dump.Input;
import org.vmcore.dump.PageSize;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ElfIdent;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfReader;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.RamMap;

/**
 * ELF core files of memory: a saved {@code /proc/vmcore}, makedumpfile's {@code -E}, QEMU's, and
 * those of remote processors, which may have sections in place of program headers.
 *
 * <p>They are read leniently: what a writer got wrong and no reader needs is passed over (QEMU's
 * e_ehsize of 8, section headers in front).
 */
public final class ElfFormat implements Format {
  private static final ValueLayout.OfInt MAGIC =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final String NAME = "elf";
  private static final String CHECK = "elf_header";
  private static final String FILE_SIZE = "file_size";
  private static final int E_TYPE = 16;
  private static final int E_VERSION = 20;
  private static final int EI_DATA = 5;
  private static final int ELFDATA2MSB = 2;
  private static final int EI_VERSION = 6;

  /** e_flags of a dump that makedumpfile could not finish (DUMP_ELF_INCOMPLETE). */
  private static final int DUMP_ELF_INCOMPLETE = 1;

  private static final int E_FLAGS_64 = 48;
  private static final int E_FLAGS_32 = 36;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean probe(MemorySegment start) {
    return start.byteSize() >= 4 && start.get(MAGIC, 0) == ElfIdent.MAGIC;
  }

  /** {@inheritDoc} Programs, modules and libraries are ELF files, too. */
  @Override
  public boolean mayBeDump(MemorySegment start) {
    if (start.byteSize() < E_TYPE + 2) {
      return true; // cut short
    }
    boolean isBig = start.get(ValueLayout.JAVA_BYTE, EI_DATA) == ELFDATA2MSB;
    ByteOrder order = isBig ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    return start.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), E_TYPE)
        == ElfHeader.ET_CORE;
  }

  @Override
  public Dump open(Input input) throws VmcoreException {
    input.requireWhole("an ELF dump");
    ElfHeader header = header(input.file(), input.findings());
    Optional<SegmentTable> sections = sections(input.file(), header, input.findings());
    if (sections.isPresent()) {
      return open(input, header, sections.get());
    }
    List<ProgramHeader> table = table(input.file(), header, input.findings());
    if (isUnfinished(table)) {
      table =
          UnfinishedElf.table(
              input.file(), header, table.size(), Optional.empty(), input.findings());
    }
    return open(input, header, SegmentTable.of(header, table));
  }

  /**
   * Opens a dump that makedumpfile didn't finish, by a RAM map in place of the program headers that
   * were never written. Empty where {@code input} is no such file.
   *
   * @throws VmcoreException when it can't be read
   */
  public static Optional<Dump> unfinished(Input input, RamMap map) throws VmcoreException {
    ByteSource file = input.file();
    MemorySegment start = MemorySegment.ofArray(new byte[PROBE_SIZE]);
    start = start.asSlice(0, file.read(0, start));
    if (start.byteSize() < PROBE_SIZE || start.get(MAGIC, 0) != ElfIdent.MAGIC) {
      return Optional.empty();
    }
    List<Finding> findings = new ArrayList<>();
    List<ProgramHeader> made;
    ElfHeader header;
    try {
      header = header(file, findings);
      List<ProgramHeader> table = ProgramHeaderTable.read(file, header, findings);
      if (!isUnfinished(table)) {
        return Optional.empty();
      }
      made = UnfinishedElf.table(file, header, table.size(), Optional.of(map), findings);
    } catch (VmcoreException e) {
      return Optional.empty(); // memory that only begins so
    }
    if (made.isEmpty() || !made.getFirst().isNote()) {
      return Optional.empty();
    }
    input.findings().addAll(findings);
    return Optional.of(open(input, header, SegmentTable.of(header, made)));
  }

  private static boolean isUnfinished(List<ProgramHeader> table) {
    for (ProgramHeader each : table) {
      if (each.isUsed()) {
        return false;
      }
    }
    return true;
  }

  private static Dump open(Input input, ElfHeader header, SegmentTable table)
      throws VmcoreException {
    ByteSource file = input.file();
    List<Finding> findings = input.findings();
    ElfSegments segments = ElfSegments.check(file, header, table, findings);
    segments.report(findings);
    PageSize page =
        PageSize.find(
            input.pageSize(),
            FileOldMemory.whole(file),
            file.name(),
            new CrashHeaders(header, segments.kept()),
            findings);
    FileOldMemory.Builder memory = new FileOldMemory.Builder(file);
    List<ProgramHeader> placed = segments.place(page.bytes(), memory);
    CrashHeaders headers =
        new CrashHeaders(header.withProgramHeaders(placed.size()), placed, table.names());
    return new Dump(NAME, file.name(), headers, memory.build(), page, findings);
  }

  /** The memory by section headers, of a file that has no program headers. */
  private static Optional<SegmentTable> sections(
      ByteSource file, ElfHeader header, List<Finding> findings) throws VmcoreException {
    if (header.phnum() != 0) {
      return Optional.empty();
    }
    SectionHeaders sections = SectionHeaders.of(file, header);
    String foreign = ForeignElf.noProgramHeaders(sections);
    if (!foreign.isEmpty()) {
      throw VmcoreException.at(file.name(), header.phnumOffset(), foreign);
    }
    return sections.memory(findings);
  }

  private static List<ProgramHeader> table(
      ByteSource file, ElfHeader header, List<Finding> findings) throws VmcoreException {
    List<ProgramHeader> table = ProgramHeaderTable.read(file, header, findings);
    if (mayBeProcess(table) && ForeignElf.isProcess(file, header, table)) {
      throw VmcoreException.of(
          file.name(), "the core dump of a process, not of a kernel: gdb reads it");
    }
    return table;
  }

  /** Cheap: the first PT_LOAD of most dumps tells that they are none. */
  private static boolean mayBeProcess(List<ProgramHeader> table) {
    for (ProgramHeader segment : table) {
      if (segment.isLoad() && (segment.paddr() != 0 || segment.vaddr() < 0)) {
        return false;
      }
    }
    return true;
  }

  private static ElfHeader header(ByteSource file, List<Finding> findings) throws VmcoreException {
    MemorySegment start = MemorySegment.ofArray(new byte[PROBE_SIZE]);
    ElfHeader header = ElfReader.header(file.name(), start.asSlice(0, file.readWhole(0, start)));
    if (header.type() != ElfHeader.ET_CORE) {
      throw VmcoreException.at(file.name(), E_TYPE, ForeignElf.notCore(file, header));
    }
    checkVersion("EI_VERSION", EI_VERSION, header.ident().version(), findings);
    checkVersion("e_version", E_VERSION, header.version(), findings);
    if ((header.flags() & DUMP_ELF_INCOMPLETE) != 0) {
      int at = header.elfClass().bits() == 64 ? E_FLAGS_64 : E_FLAGS_32;
      findings.add(
          Finding.error(FILE_SIZE, at, "e_flags says that the dump was not finished (disk full?)"));
    }
    return header;
  }

  private static void checkVersion(String field, int at, int version, List<Finding> findings) {
    if (version != ElfHeader.EV_CURRENT) {
      findings.add(Finding.warning(CHECK, at, field + " is " + version + ", not 1"));
    }
  }
}
