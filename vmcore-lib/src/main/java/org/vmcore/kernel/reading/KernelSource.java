package org.vmcore.kernel.reading;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;

/**
 * What the rooms of a kernel's contents read them from. Each part is had when it is first asked
 * for; each of them throws when the dump is closed, or its file fails.
 */
public interface KernelSource {
  /** The dump's name, for errors. */
  String file();

  /** What the kernel tells of itself, the dump's note or what was found in memory. */
  Optional<VmcoreInfo> info() throws VmcoreException;

  /** Whether a part of what the dump's note tells is lost, or the note itself. */
  boolean isInfoLost() throws VmcoreException;

  /** The kernel's virtual memory. */
  KernelMemory memory() throws VmcoreException;

  /** Numbers and bytes of that memory. */
  KernelReader reader() throws VmcoreException;

  /** The virtual addresses where the kernel's image may be, the best first. */
  List<AddressRange> imageRanges() throws VmcoreException;

  /** The address of a symbol that VMCOREINFO names. */
  default OptionalLong infoSymbol(String name) throws VmcoreException {
    Optional<VmcoreInfo> info = info();
    return info.isPresent() ? info.get().symbol(name) : OptionalLong.empty();
  }
}
