package org.vmcore.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.Vmcore;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.open.Search;
import org.vmcore.scan.SearchBudget;
import org.vmcore.search.VmcoreInfoSearch;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;

/**
 * What a kernel tells of itself: VMCOREINFO of the dump's note. Where there is none it is searched
 * for in all of memory, when it is first asked for. By it the kernel's memory is read.
 */
final class KernelInfo implements KernelSource {
  /** More VMCOREINFO notes than this in one memory aren't tried. */
  private static final int MAX_FOUND = 4;

  private final Vmcore vmcore;
  private final Search search;
  private boolean isRead;
  private Optional<VmcoreInfo> note = Optional.empty();
  private boolean isSearched;
  private Optional<VmcoreInfoNote> found = Optional.empty();
  private Optional<Finding> unsearched = Optional.empty();
  private @Nullable KernelMemory memory;

  KernelInfo(Vmcore vmcore, Search search) {
    this.vmcore = vmcore;
    this.search = search;
  }

  @Override
  public Search search() {
    return search;
  }

  @Override
  public String file() {
    return vmcore.name();
  }

  /** The note as it is; it is read and parsed once. */
  private synchronized Optional<VmcoreInfo> note() throws VmcoreException {
    if (!isRead) {
      note = vmcore.vmcoreInfo();
      isRead = true;
    }
    return note;
  }

  /** The note, when it tells anything: one without a single line doesn't. */
  private Optional<VmcoreInfo> ownInfo() throws VmcoreException {
    return note().filter(info -> info.text().indexOf('=') >= 0);
  }

  @Override
  public Optional<VmcoreInfo> info() throws VmcoreException {
    Optional<VmcoreInfo> own = ownInfo();
    return own.isPresent() ? own : found().map(VmcoreInfoNote::info);
  }

  @Override
  public boolean isInfoLost() throws VmcoreException {
    return vmcore.isVmcoreInfoLost();
  }

  /** The physical address at which it was found; empty where the dump has the note. */
  OptionalLong foundAt() throws VmcoreException {
    Optional<VmcoreInfoNote> other = ownInfo().isPresent() ? Optional.empty() : found();
    return other.isPresent() ? OptionalLong.of(other.get().area().start()) : OptionalLong.empty();
  }

  /**
   * The kernel's virtual memory: by what the dump tells of its page tables or, where it doesn't
   * tell, by a VMCOREINFO found in memory; without that, by tables that were searched for.
   */
  @Override
  public synchronized KernelMemory memory() throws VmcoreException {
    KernelMemory known = memory;
    if (known == null) {
      known = findMemory();
      memory = known;
    }
    return known;
  }

  private KernelMemory findMemory() throws VmcoreException {
    KernelMemory own = memory(note());
    boolean isCertain =
        ownInfo().isPresent() || own.tables().stream().anyMatch(space -> !space.isSearched());
    return isCertain || found().isEmpty() ? own : memory(Optional.of(found().get().info()));
  }

  private KernelMemory memory(Optional<VmcoreInfo> info) throws VmcoreException {
    return KernelMemory.of(vmcore, info);
  }

  @Override
  public KernelReader reader() throws VmcoreException {
    return KernelReader.of(vmcore, memory(), info());
  }

  @Override
  public List<AddressRange> imageRanges() throws VmcoreException {
    return ImageRanges.of(vmcore, infoSymbol("_stext"));
  }

  private synchronized Optional<VmcoreInfoNote> found() throws VmcoreException {
    if (!isSearched) {
      try (SearchBudget budget = SearchBudget.of(search, VmcoreInfo.NAME, vmcore.memorySize())) {
        found = own(VmcoreInfoSearch.search(vmcore.physical(), vmcore.name(), budget));
        unsearched = budget.finding();
      }
      isSearched = true;
    }
    return found;
  }

  /** What of memory wasn't searched for VMCOREINFO. */
  synchronized Optional<Finding> gap() {
    return unsearched;
  }

  @Override
  public Optional<String> unsearched() {
    return gap().map(Finding::message);
  }

  /** The one that leads to a utsname of the release it names: others are earlier kernels'. */
  private Optional<VmcoreInfoNote> own(List<VmcoreInfoNote> notes) throws VmcoreException {
    for (int i = 0; notes.size() > 1 && i < Math.min(notes.size(), MAX_FOUND); i++) {
      Optional<VmcoreInfo> info = Optional.of(notes.get(i).info());
      if (UtsName.isOf(KernelReader.of(vmcore, memory(info), info), info.get())) {
        return Optional.of(notes.get(i));
      }
    }
    return notes.stream().findFirst();
  }
}
