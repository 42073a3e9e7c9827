package org.vmcore.segments;

import java.util.List;
import java.util.Optional;
import org.vmcore.arch.Architecture;
import org.vmcore.arch.Architectures;
import org.vmcore.arch.Machine;
import org.vmcore.elf.ElfHeader;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.elf.VmcoreInfo;

/** What p_vaddr is worth: several writers don't know it. */
public final class VirtualAddresses {
  private final ElfHeader header;
  private final Machine machine;
  private final boolean areKnown;
  private final Optional<Architecture> architecture;
  private final Optional<VmcoreInfo> info;

  /**
   * Those of {@code segments}, which stand behind {@code header}, of a kernel of {@code machine}.
   *
   * @param info what the dump's note tells of that kernel
   */
  public VirtualAddresses(
      ElfHeader header, Machine machine, Optional<VmcoreInfo> info, List<ProgramHeader> segments) {
    this.header = header;
    this.machine = machine;
    this.info = info;
    this.architecture = Architectures.of(machine);
    boolean isIdentity = architecture.isPresent() && architecture.get().isIdentityMapped();
    this.areKnown = areKnown(segments, isIdentity);
  }

  /**
   * QEMU without paging writes p_vaddr = p_paddr everywhere. Where that is the mapping, on s390x,
   * QEMU writes 0.
   */
  private static boolean areKnown(List<ProgramHeader> segments, boolean isIdentity) {
    for (ProgramHeader segment : segments) {
      if (segment.isLoad()
          && segment.vaddr() != 0
          && (isIdentity || segment.vaddr() != segment.paddr())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether {@code segment}'s p_vaddr is a virtual address. kexec-tools writes −1 where a 32-bit
   * kernel has no mapping, and for riscv64 numbers where no kernel is, or where it has something
   * else; others leave 0.
   */
  public boolean isKnown(ProgramHeader segment) {
    if (!areKnown || !mayBeMapped(segment)) {
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

  /** How many bytes of {@code segment}, in memory, have virtual addresses, where it has any. */
  long size(ProgramHeader segment) {
    return machine.addressable(segment.vaddr(), segment.memsz());
  }

  private boolean mayBeMapped(ProgramHeader segment) {
    return architecture.isEmpty()
        || (architecture.get().isKernelSpace(segment.vaddr())
            && (info.isEmpty()
                || architecture.get().mayBeMapped(info.get(), segment.vaddr(), segment.paddr())));
  }
}
