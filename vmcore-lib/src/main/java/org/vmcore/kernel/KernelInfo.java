package org.vmcore.kernel;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.Vmcore;
import org.vmcore.arch.KernelMachine;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.mmu.VirtualPlaces;
import org.vmcore.open.Search;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;

/**
 * What a kernel tells of itself: VMCOREINFO of the dump's note. Where there is none it is searched
 * for in all of memory, when it is first asked for. By it the kernel's memory is read.
 */
final class KernelInfo implements KernelSource {
  private final Vmcore vmcore;
  private final Search search;
  private final InfoNotes notes;
  private @Nullable KernelMemory memory;
  private volatile VirtualPlaces places = VirtualPlaces.NONE;

  KernelInfo(Vmcore vmcore, Search search) {
    this.vmcore = vmcore;
    this.search = search;
    this.notes = new InfoNotes(vmcore, search);
  }

  @Override
  public long memorySize() {
    return vmcore.memorySize();
  }

  @Override
  public Search search() {
    return search;
  }

  Vmcore vmcore() {
    return vmcore;
  }

  @Override
  public String file() {
    return vmcore.name();
  }

  @Override
  public Optional<VmcoreInfo> info() throws VmcoreException {
    Optional<VmcoreInfoNote> other = notes.other();
    return other.isPresent() ? other.map(VmcoreInfoNote::info) : notes.own();
  }

  @Override
  public boolean isInfoLost() throws VmcoreException {
    return vmcore.isVmcoreInfoLost();
  }

  /** What of memory wasn't searched for VMCOREINFO. */
  Optional<Finding> gap() {
    return notes.gap();
  }

  @Override
  public Optional<String> unsearched() {
    return gap().map(Finding::message);
  }

  /** The physical address at which it was found; empty where the dump's own note is taken. */
  OptionalLong foundAt() throws VmcoreException {
    Optional<VmcoreInfoNote> other = notes.other();
    if (other.isPresent()) {
      return OptionalLong.of(other.get().area().start());
    }
    OptionalLong chosen = vmcore.vmcoreInfoAt();
    return chosen.isPresent() ? chosen : vmcore.vmcoreInfoKeptAt();
  }

  /** What is to be said of the choice. */
  List<Finding> findings() throws VmcoreException {
    return notes.findings();
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
    Optional<VmcoreInfoNote> instead = notes.instead();
    if (instead.isPresent()) {
      return memory(instead.map(VmcoreInfoNote::info));
    }
    KernelMemory own = memory(notes.note());
    boolean isCertain =
        notes.own().isPresent() || own.tables().stream().anyMatch(space -> !space.isSearched());
    return isCertain || notes.found().isEmpty()
        ? own
        : memory(notes.found().map(VmcoreInfoNote::info));
  }

  private KernelMemory memory(Optional<VmcoreInfo> info) throws VmcoreException {
    return KernelMemory.of(vmcore, info).with(address -> places.at(address));
  }

  /** What is asked, too, where page tables are missing. */
  void places(VirtualPlaces others) {
    places = others;
  }

  @Override
  public KernelReader reader() throws VmcoreException {
    return KernelReader.of(vmcore, memory(), info());
  }

  ByteOrder order() throws VmcoreException {
    return KernelMachine.order(vmcore.header(), info());
  }

  @Override
  public List<AddressRange> imageRanges() throws VmcoreException {
    return ImageRanges.of(vmcore, infoSymbol("_stext"));
  }
}
