package org.vmcore.prepare;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.arch.DirectMap;
import org.vmcore.arch.PreparedArchitecture;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.bytes.ElfWriter;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * Crash headers as the first kernel prepares them: crash_prepare_elf64_headers of
 * kernel/crash_core.c, byte for byte.
 *
 * <p>With a {@link Backup} they are those of kexec-tools' classic loading on x86.
 *
 * @param architecture the kernel's
 * @param order its byte order
 * @param memory the RAM to describe; what is excluded is gone from it
 * @param cpuNotes where each possible CPU's notes are, in the order of the CPUs; none when unknown
 * @param vmcoreInfo where VMCOREINFO's note is
 * @param text where the kernel image is mapped a second time
 * @param directMap where RAM is mapped
 * @param backup RAM whose bytes are kept elsewhere
 */
public record CrashPreparation(
    PreparedArchitecture architecture,
    ByteOrder order,
    CrashMemory memory,
    List<AddressRange> cpuNotes,
    Optional<AddressRange> vmcoreInfo,
    Optional<KernelText> text,
    DirectMap directMap,
    Optional<Backup> backup) {
  /** ELF_CORE_HEADER_ALIGN: the headers' size is a multiple of it, in bytes. */
  public static final int ALIGNMENT = 4096;

  private static final int RWX = 7;

  /**
   * The kernel image, from {@code _text} to {@code _end}.
   *
   * @param vaddr the virtual address of {@code _text}
   * @param range its physical addresses
   */
  public record KernelText(long vaddr, AddressRange range) {}

  /**
   * RAM that the crash kernel is going to use, and that purgatory copies before.
   *
   * @param source where the bytes were
   * @param destination the physical address at which they are then
   */
  public record Backup(AddressRange source, long destination) {}

  /** Copies the list. */
  public CrashPreparation {
    cpuNotes = List.copyOf(cpuNotes);
  }

  /** Headers of RAM alone, little-endian; what else is known is to be added. */
  public static CrashPreparation of(
      PreparedArchitecture architecture, CrashMemory memory, DirectMap directMap) {
    return new CrashPreparation(
        architecture,
        ByteOrder.LITTLE_ENDIAN,
        memory,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        directMap,
        Optional.empty());
  }

  /** With this byte order. */
  public CrashPreparation withOrder(ByteOrder other) {
    return new CrashPreparation(
        architecture, other, memory, cpuNotes, vmcoreInfo, text, directMap, backup);
  }

  /** With these notes of CPUs. */
  public CrashPreparation withCpuNotes(List<AddressRange> notes) {
    return new CrashPreparation(
        architecture, order, memory, notes, vmcoreInfo, text, directMap, backup);
  }

  /** With VMCOREINFO's note. */
  public CrashPreparation withVmcoreInfo(AddressRange note) {
    return new CrashPreparation(
        architecture, order, memory, cpuNotes, Optional.of(note), text, directMap, backup);
  }

  /** With the kernel image's own mapping. */
  public CrashPreparation withText(KernelText mapping) {
    return new CrashPreparation(
        architecture, order, memory, cpuNotes, vmcoreInfo, Optional.of(mapping), directMap, backup);
  }

  /** With a backup region. */
  public CrashPreparation withBackup(Backup region) {
    return new CrashPreparation(
        architecture, order, memory, cpuNotes, vmcoreInfo, text, directMap, Optional.of(region));
  }

  /**
   * The headers.
   *
   * @throws VmcoreException when there is no RAM to describe, or more of it than e_phnum can count
   */
  public CrashHeaders headers() throws VmcoreException {
    List<ProgramHeader> all = new ArrayList<>();
    cpuNotes.forEach(area -> all.add(note(area)));
    vmcoreInfo.ifPresent(area -> all.add(note(area)));
    text.ifPresent(image -> all.add(load(image.range(), image.vaddr(), image.range().start())));
    for (AddressRange range : memory.ranges()) {
      all.add(load(range, directMap.vaddr(range.start()), offset(range)));
    }
    if (memory.ranges().isEmpty()) {
      throw VmcoreException.of("elfcorehdr", "no System RAM is left to describe");
    }
    if (all.size() >= ElfHeader.PN_XNUM) {
      throw VmcoreException.of(
          "elfcorehdr", all.size() + " program headers: e_phnum can't count them");
    }
    return CrashHeaders.of(ElfClass.ELF64, order, architecture.machine().number(), all);
  }

  /**
   * The bytes of the elfcorehdr, zeros up to a multiple of {@link #ALIGNMENT} behind the headers.
   */
  public byte[] bytes() throws VmcoreException {
    CrashHeaders headers = headers();
    byte[] bytes = new byte[size()];
    ElfWriter out = new ElfWriter(MemorySegment.ofArray(bytes), ElfClass.ELF64, order);
    out.header(headers.header());
    headers.programHeaders().forEach(out::programHeader);
    return bytes;
  }

  /** The kernel makes room for VMCOREINFO and kernel text whether they are written or not. */
  private int size() {
    int count = cpuNotes.size() + 2 + memory.ranges().size();
    int size = ElfClass.ELF64.headerSize() + count * ElfClass.ELF64.programHeaderSize();
    return size + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /** Where the bytes of {@code range}, which is one of the memory's, are: p_offset. */
  public long offset(AddressRange range) {
    return backup
        .filter(kept -> kept.source().contains(range))
        .map(kept -> kept.destination() + (range.start() - kept.source().start()))
        .orElse(range.start());
  }

  private static ProgramHeader note(AddressRange area) {
    return new ProgramHeader(
        ProgramHeader.PT_NOTE, 0, area.start(), 0, area.start(), area.size(), area.size(), 0);
  }

  private static ProgramHeader load(AddressRange range, long vaddr, long offset) {
    return new ProgramHeader(
        ProgramHeader.PT_LOAD, RWX, offset, vaddr, range.start(), range.size(), range.size(), 0);
  }
}
