package org.vmcore.format.s390;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.arch.Machine;
import org.vmcore.dump.Dump;
import org.vmcore.dump.Format;
import org.vmcore.dump.Input;
import org.vmcore.dump.PageSize;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.OldMemory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.BytesMemory;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.oldmem.JoinedMemory;
import org.vmcore.search.KeptInfo;
import org.vmcore.search.VmcoreInfoSearch;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;

/**
 * Stand-alone dumps of s390, of one volume: crash headers are made of their memory, the CPUs'
 * stored registers, and the VMCOREINFO note that the lowcore tells of (FORMATS.md, 235 to 238).
 */
public final class S390Format implements Format {
  private static final ValueLayout.OfLong MAGIC =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int RWX = 7;

  @Override
  public String name() {
    return "s390";
  }

  @Override
  public boolean probe(MemorySegment start) {
    return start.byteSize() >= Long.BYTES
        && (start.get(MAGIC, 0) == S390Header.MAGIC || start.get(MAGIC, 0) == S390Header.MAGIC + 1);
  }

  @Override
  public Dump open(Input input) throws VmcoreException {
    input.requireWhole("a stand-alone dump of s390");
    ByteSource file = input.file();
    S390Header header = S390Header.read(file);
    if (header.isOfSeveral()) {
      throw VmcoreException.of(
          file.name(),
          "volume "
              + Integer.toUnsignedString(header.volume())
              + " of a dump on several volumes of s390: `zgetdump -f elf VOLUME > FILE` makes an"
              + " ELF dump of them all");
    }
    List<Finding> findings = input.findings();
    findings.add(Finding.info("s390", header.describe()));
    FileOldMemory memory = S390Memory.of(file, header, findings);
    byte[] notes = S390Notes.of(header, memory, info(input, memory), findings);
    OldMemory joined =
        new JoinedMemory(memory, header.memSize(), BytesMemory.at(header.memSize(), notes));
    CrashHeaders headers = headers(header, notes.length);
    PageSize page = PageSize.find(input.pageSize(), joined, file.name(), headers, findings);
    return new Dump(name(), file.name(), headers, joined, page, findings);
  }

  private static Optional<VmcoreInfo> info(Input input, OldMemory memory) throws VmcoreException {
    String name = input.file().name();
    Optional<VmcoreInfoNote> note =
        input.vmcoreInfo().isPresent()
            ? Optional.of(VmcoreInfoSearch.require(memory, name, input.vmcoreInfo().getAsLong()))
            : KeptInfo.of(memory, name);
    return note.map(VmcoreInfoNote::info);
  }

  /** The notes lie behind all memory. */
  private static CrashHeaders headers(S390Header header, int notes) {
    List<ProgramHeader> all = new ArrayList<>();
    if (notes > 0) {
      all.add(segment(ProgramHeader.PT_NOTE, 0, header.memSize(), notes));
    }
    all.add(segment(ProgramHeader.PT_LOAD, RWX, 0, header.memSize()));
    ElfClass elfClass = header.is64() ? ElfClass.ELF64 : ElfClass.ELF32;
    return CrashHeaders.of(elfClass, ByteOrder.BIG_ENDIAN, Machine.S390, all);
  }

  private static ProgramHeader segment(int type, int flags, long at, long size) {
    return new ProgramHeader(type, flags, at, 0, at, size, size, 0);
  }
}
