package org.vmcore.segments;

import java.util.List;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;

/** What p_vaddr is worth: several writers don't know it. */
public final class VirtualAddresses {
  private final ElfHeader header;
  private final boolean areKnown;

  /** Those of {@code segments}, which stand behind {@code header}. */
  public VirtualAddresses(ElfHeader header, List<ProgramHeader> segments) {
    this.header = header;
    this.areKnown = areKnown(segments);
  }

  /** QEMU without paging writes p_vaddr = p_paddr everywhere. */
  private static boolean areKnown(List<ProgramHeader> segments) {
    for (ProgramHeader segment : segments) {
      if (segment.isLoad() && segment.vaddr() != segment.paddr() && segment.vaddr() != 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether {@code segment}'s p_vaddr is a virtual address. kexec-tools writes −1 where a 32-bit
   * kernel has no mapping; others leave 0.
   */
  public boolean isKnown(ProgramHeader segment) {
    if (!areKnown) {
      return false;
    }
    long end = segment.vaddr() + segment.memsz();
    boolean wraps = end != 0 && Long.compareUnsigned(end, segment.vaddr()) < 0;
    boolean nowhere = header.elfClass().bits() == 32 && segment.vaddr() == 0xffff_ffffL;
    return !wraps
        && !nowhere
        && segment.vaddr() != -1
        && (segment.vaddr() != 0 || segment.paddr() == 0);
  }
}
