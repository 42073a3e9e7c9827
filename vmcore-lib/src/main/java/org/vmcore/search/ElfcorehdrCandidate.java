package org.vmcore.search;

import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.vmcore.dump.NoteWalk;
import org.vmcore.elf.CrashHeaders;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.elf.bytes.NoteHeader;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * What could be an elfcorehdr, and what speaks for it. In the natural order the better one is
 * first: each of the fields after {@code size} decides before those behind it, the address last.
 *
 * @param address where it is, a physical address
 * @param size of its headers in bytes
 * @param vmcoreInfo whether one of its PT_NOTEs holds VMCOREINFO
 * @param outside whether it lies outside of its own PT_LOADs, as it must: the first kernel leaves
 *     out the crash kernel's memory. A copy in the first kernel's memory lies inside
 * @param missing how many PT_LOADs describe memory that isn't there
 * @param notes how many PT_NOTEs have a note in them
 * @param loads how many PT_LOADs it has
 */
public record ElfcorehdrCandidate(
    long address, long size, boolean vmcoreInfo, boolean outside, int missing, int notes, int loads)
    implements Comparable<ElfcorehdrCandidate> {
  private static final List<Trait> TRAITS =
      List.of(
          new Trait(c -> c.vmcoreInfo ? 1 : 0, "one of its PT_NOTEs holds VMCOREINFO"),
          new Trait(c -> c.outside ? 1 : 0, "it lies outside of its own PT_LOADs, as it must"),
          new Trait(c -> -c.missing, "fewer of its PT_LOADs describe memory that isn't there"),
          new Trait(c -> c.notes, "more of its PT_NOTEs have notes in them"));

  private record Trait(ToIntFunction<ElfcorehdrCandidate> value, String reason) {}

  /**
   * What {@code headers}, which stand at {@code address}, are like; empty when they can't be an
   * elfcorehdr: a PT_NOTE isn't in memory, or no PT_LOAD is, or there is any other segment.
   */
  static Optional<ElfcorehdrCandidate> of(
      Memory memory, String name, long address, CrashHeaders headers) throws VmcoreException {
    ElfHeader header = headers.header();
    boolean vmcoreInfo = false;
    boolean outside = true;
    int missing = 0;
    int notes = 0;
    int loads = 0;
    for (ProgramHeader segment : headers.programHeaders()) {
      boolean there = isThere(memory, segment);
      if (segment.isLoad()) {
        loads++;
        missing += there ? 0 : 1;
        outside &= !there || Long.compareUnsigned(address - segment.paddr(), segment.memsz()) >= 0;
      } else if (!segment.isNote() || (!there && segment.memsz() != 0)) {
        return Optional.empty();
      } else {
        String first = firstNote(memory, name, segment, header);
        vmcoreInfo |= first.equals(VmcoreInfo.NAME);
        notes += first.isEmpty() ? 0 : 1;
      }
    }
    long size =
        header.elfClass().headerSize()
            + (long) headers.programHeaders().size() * header.elfClass().programHeaderSize();
    return loads == missing
        ? Optional.empty()
        : Optional.of(
            new ElfcorehdrCandidate(address, size, vmcoreInfo, outside, missing, notes, loads));
  }

  /** Whether {@code segment}'s first and last byte are RAM. */
  private static boolean isThere(Memory memory, ProgramHeader segment) throws VmcoreException {
    long last = segment.offset() + segment.memsz() - 1;
    return segment.memsz() != 0
        && Long.compareUnsigned(last, segment.offset()) >= 0
        && memory.extentAt(segment.offset()).state() != PageState.NOT_RAM
        && memory.extentAt(last).state() != PageState.NOT_RAM;
  }

  private static String firstNote(
      Memory memory, String file, ProgramHeader segment, ElfHeader header) throws VmcoreException {
    StringBuilder first = new StringBuilder();
    new NoteWalk(memory, file, segment.offset(), segment.memsz(), header.order())
        .walk(
            (long at, NoteHeader note, String noteName) -> {
              first.append(noteName);
              return false;
            });
    return first.toString();
  }

  /** Why this one is rather the elfcorehdr than {@code other}, which comes behind it. */
  public String reasonOver(ElfcorehdrCandidate other) {
    for (Trait trait : TRAITS) {
      if (trait.value.applyAsInt(this) > trait.value.applyAsInt(other)) {
        return trait.reason;
      }
    }
    return "it comes first in memory; nothing else tells them apart";
  }

  @Override
  public int compareTo(ElfcorehdrCandidate other) {
    for (Trait trait : TRAITS) {
      int order = Integer.compare(trait.value.applyAsInt(other), trait.value.applyAsInt(this));
      if (order != 0) {
        return order;
      }
    }
    return Long.compareUnsigned(address, other.address);
  }

  /** One line for people. */
  public String describe() {
    String gone = missing == 0 ? "" : ", %d of them not in memory".formatted(missing);
    return "0x%x: %d PT_LOADs%s, %d PT_NOTEs with notes, %s, %s"
        .formatted(
            address,
            loads,
            gone,
            notes,
            vmcoreInfo ? "VMCOREINFO" : "no VMCOREINFO",
            outside ? "outside of its PT_LOADs" : "inside of one of its PT_LOADs");
  }
}
