package org.vmcore.kernel;

import java.nio.ByteOrder;
import java.util.ArrayList;
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
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.search.VmcoreInfoChoice;
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
  private boolean isRead;
  private Optional<VmcoreInfo> note = Optional.empty();
  private boolean isSearched;
  private Optional<VmcoreInfoNote> found = Optional.empty();
  private @Nullable Optional<VmcoreInfoNote> instead;
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable KernelMemory memory;

  KernelInfo(Vmcore vmcore) {
    this.vmcore = vmcore;
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
    Optional<VmcoreInfoNote> other = other();
    return other.isPresent() ? other.map(VmcoreInfoNote::info) : ownInfo();
  }

  /** The physical address at which it was found; empty where the dump's own note is taken. */
  OptionalLong foundAt() throws VmcoreException {
    Optional<VmcoreInfoNote> other = other();
    return other.isPresent() ? OptionalLong.of(other.get().area().start()) : vmcore.vmcoreInfoAt();
  }

  /** What is to be said of the choice. */
  synchronized List<Finding> findings() throws VmcoreException {
    Optional<VmcoreInfo> unused = info();
    assert unused != null;
    return List.copyOf(findings);
  }

  /** One that was found in memory and is taken, as the dump has none, or one that is wrong. */
  private Optional<VmcoreInfoNote> other() throws VmcoreException {
    return ownInfo().isPresent() ? instead() : found();
  }

  /** The one that is taken in place of the dump's own, which is an earlier kernel's. */
  private synchronized Optional<VmcoreInfoNote> instead() throws VmcoreException {
    Optional<VmcoreInfoNote> known = instead;
    if (known == null) {
      known = isContradicted() ? fitting() : Optional.empty();
      instead = known;
    }
    return known;
  }

  /** Whether memory that is there isn't that of the kernel which the dump's note tells of. */
  private boolean isContradicted() throws VmcoreException {
    return vmcore.vmcoreInfoAt().isEmpty()
        && VmcoreInfoChoice.signs(vmcore.physical(), vmcore.header().order(), ownInfo().get()) < 0;
  }

  private Optional<VmcoreInfoNote> fitting() throws VmcoreException {
    VmcoreInfoChoice choice = choice();
    String release = ownInfo().get().osRelease().orElse("an unnamed kernel");
    String note = "the dump's VMCOREINFO is of " + release + ", which isn't where it says";
    String better =
        choice.fits()
            ? ": that at "
                + choice.best().get().describe()
                + " is taken, which is (--vmcoreinfo"
                + " chooses)"
            : "";
    findings.add(
        new Finding(VmcoreInfoChoice.CHECK, Severity.WARNING, OptionalLong.empty(), note + better));
    return choice.fits() ? choice.best() : Optional.empty();
  }

  private VmcoreInfoChoice choice() throws VmcoreException {
    ByteOrder order = vmcore.header().order();
    List<VmcoreInfoNote> notes = VmcoreInfoSearch.search(vmcore.physical(), vmcore.name(), order);
    return VmcoreInfoChoice.of(vmcore.physical(), order, notes);
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
    Optional<VmcoreInfoNote> other = ownInfo().isPresent() ? instead() : Optional.empty();
    if (other.isPresent()) {
      return memory(Optional.of(other.get().info()));
    }
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
    return KernelReader.of(vmcore, memory());
  }

  @Override
  public List<AddressRange> imageRanges() throws VmcoreException {
    return ImageRanges.of(vmcore, infoSymbol("_stext"));
  }

  private synchronized Optional<VmcoreInfoNote> found() throws VmcoreException {
    if (!isSearched) {
      VmcoreInfoChoice choice = choice();
      found = choice.fits() ? choice.best() : own(choice.notes());
      findings.addAll(choice.findings());
      isSearched = true;
    }
    return found;
  }

  /** The one that leads to a utsname of the release it names: others are earlier kernels'. */
  private Optional<VmcoreInfoNote> own(List<VmcoreInfoNote> notes) throws VmcoreException {
    for (int i = 0; notes.size() > 1 && i < Math.min(notes.size(), MAX_FOUND); i++) {
      VmcoreInfo info = notes.get(i).info();
      if (UtsName.isOf(KernelReader.of(vmcore, memory(Optional.of(info))), info)) {
        return Optional.of(notes.get(i));
      }
    }
    return notes.stream().findFirst();
  }
}
