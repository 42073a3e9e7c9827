package org.vmcore.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.AddressSpace;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.mmu.PagingHints;
import org.vmcore.search.VmcoreInfoSearch;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;

/**
 * What a kernel tells of itself: VMCOREINFO of the dump's note. Where there is none it is searched
 * for in all of memory, when it is first asked for.
 */
final class KernelInfo {
  /** More VMCOREINFO notes than this in one memory aren't tried. */
  private static final int MAX_FOUND = 4;

  private final Vmcore vmcore;
  private boolean isRead;
  private Optional<VmcoreInfo> told = Optional.empty();
  private boolean isSearched;
  private Optional<VmcoreInfoNote> found = Optional.empty();

  KernelInfo(Vmcore vmcore) {
    this.vmcore = vmcore;
  }

  /** The note's text; one without a single line tells nothing. */
  private synchronized Optional<VmcoreInfo> told() throws VmcoreException {
    if (!isRead) {
      told = vmcore.vmcoreInfo().filter(info -> info.text().indexOf('=') >= 0);
      isRead = true;
    }
    return told;
  }

  /** The note's text, or what was found. */
  Optional<VmcoreInfo> text() throws VmcoreException {
    Optional<VmcoreInfo> note = told();
    return note.isPresent() ? note : found().map(VmcoreInfoNote::info);
  }

  /** The physical address at which it was found; empty where the dump has the note. */
  OptionalLong foundAt() throws VmcoreException {
    Optional<VmcoreInfoNote> note = told().isPresent() ? Optional.empty() : found();
    return note.isPresent() ? OptionalLong.of(note.get().area().start()) : OptionalLong.empty();
  }

  /** The address of a symbol that VMCOREINFO names. */
  OptionalLong symbol(String name) throws VmcoreException {
    Optional<VmcoreInfo> info = text();
    return info.isPresent() ? info.get().symbol(name) : OptionalLong.empty();
  }

  /**
   * The kernel's virtual memory: by what the dump tells of its page tables or, where it doesn't
   * tell, by a VMCOREINFO found in memory; without that, by tables that were searched for.
   */
  KernelMemory memory() throws VmcoreException {
    KernelMemory own = KernelMemory.of(vmcore);
    boolean isTold = told().isPresent() || own.tables().stream().anyMatch(AddressSpace::isTold);
    return isTold || found().isEmpty() ? own : memory(found().get().info());
  }

  private KernelMemory memory(VmcoreInfo info) throws VmcoreException {
    return KernelMemory.of(PagingHints.of(vmcore).withInfo(Optional.of(info)), vmcore.virtual());
  }

  private synchronized Optional<VmcoreInfoNote> found() throws VmcoreException {
    if (!isSearched) {
      found = own(VmcoreInfoSearch.search(vmcore.physical(), vmcore.name()));
      isSearched = true;
    }
    return found;
  }

  /** The one that leads to a utsname of the release it names: others are earlier kernels'. */
  private Optional<VmcoreInfoNote> own(List<VmcoreInfoNote> notes) throws VmcoreException {
    for (int i = 0; notes.size() > 1 && i < Math.min(notes.size(), MAX_FOUND); i++) {
      VmcoreInfo info = notes.get(i).info();
      if (UtsName.isOf(Reader.of(vmcore, memory(info)), info)) {
        return Optional.of(notes.get(i));
      }
    }
    return notes.stream().findFirst();
  }
}
