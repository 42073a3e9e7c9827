package org.vmcore.format.elf;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.elf.ElfClass;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;

/**
 * PT_LOADs of virtual memory alone, as {@code /proc/kcore} and copies of it have them (Linux'
 * {@code fs/proc/kcore.c}): p_paddr is -1 for vmalloc, modules and vmemmap, and in older kernels 0
 * for all.
 */
final class VirtualSegments {
  /** What a 32-bit file has for none. */
  static final long NONE_32 = 0xffff_ffffL;

  /** Where a 32-bit kernel's addresses may begin. */
  private static final long KERNEL_32 = 0x4000_0000L;

  private VirtualSegments() {}

  /**
   * {@code table} with p_paddr -1 where none is known.
   *
   * @param findings where it is told how many there are
   */
  static List<ProgramHeader> marked(
      ElfHeader header, List<ProgramHeader> table, List<Finding> findings) {
    boolean is32 = header.elfClass() == ElfClass.ELF32;
    boolean none = isNonePhysical(table, is32);
    int marked = 0;
    List<ProgramHeader> all = table;
    for (int i = 0; i < table.size(); i++) {
      ProgramHeader each = table.get(i);
      boolean unknown = none || each.paddr() == -1 || (is32 && each.paddr() == NONE_32);
      if (each.isLoad() && unknown) {
        all = marked == 0 ? new ArrayList<>(table) : all;
        all.set(i, unknown(each));
        marked++;
      }
    }
    if (marked > 0) {
      String what =
          marked + " PT_LOADs without a physical address: virtual memory, as of /proc/kcore";
      findings.add(Finding.info("program_headers", what));
    }
    return all;
  }

  private static ProgramHeader unknown(ProgramHeader load) {
    return new ProgramHeader(
        load.type(),
        load.flags(),
        load.offset(),
        load.vaddr(),
        -1,
        load.filesz(),
        load.memsz(),
        load.align());
  }

  /** Whether several PT_LOADs are all of them at 0, and at the kernel's virtual addresses. */
  private static boolean isNonePhysical(List<ProgramHeader> table, boolean is32) {
    int loads = 0;
    for (ProgramHeader each : table) {
      if (each.isLoad()) {
        boolean isKernels = is32 ? each.vaddr() >= KERNEL_32 : each.vaddr() < 0;
        if (each.paddr() != 0 || !isKernels) {
          return false;
        }
        loads++;
      }
    }
    return loads > 1;
  }
}
