package org.vmcore.kernel;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.KernelMemory;
import org.vmcore.open.Search;
import org.vmcore.scan.SearchBudget;
import org.vmcore.search.VmcoreInfoChoice;
import org.vmcore.search.VmcoreInfoSearch;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;
import org.vmcore.values.Hex;

/**
 * The VMCOREINFO of a dump: its own note, and those in its memory, which are searched for when it
 * has none, or one that memory contradicts. Each is sought once, when it is first asked for.
 */
final class InfoNotes {
  /** More VMCOREINFO notes than this in one memory aren't tried. */
  private static final int MAX_FOUND = 4;

  private final Vmcore vmcore;
  private final Search search;
  private boolean isRead;
  private Optional<VmcoreInfo> note = Optional.empty();
  private boolean isSearched;
  private Optional<VmcoreInfoNote> found = Optional.empty();
  private boolean isChecked;
  private Optional<VmcoreInfoNote> instead = Optional.empty();
  private Optional<Finding> unsearched = Optional.empty();
  private final List<Finding> findings = new ArrayList<>();

  InfoNotes(Vmcore vmcore, Search search) {
    this.vmcore = vmcore;
    this.search = search;
  }

  /** The dump's note as it is. */
  synchronized Optional<VmcoreInfo> note() throws VmcoreException {
    if (!isRead) {
      note = vmcore.vmcoreInfo();
      isRead = true;
    }
    return note;
  }

  /** The dump's note, when it tells anything: one without a single line doesn't. */
  Optional<VmcoreInfo> own() throws VmcoreException {
    return note().filter(info -> info.text().indexOf('=') >= 0);
  }

  /** One that was found in memory and is taken, as the dump has none, or one that is wrong. */
  Optional<VmcoreInfoNote> other() throws VmcoreException {
    return own().isPresent() ? instead() : found();
  }

  /** What is to be said of the choice. */
  synchronized List<Finding> findings() throws VmcoreException {
    Optional<VmcoreInfoNote> unused = other();
    assert unused != null;
    return List.copyOf(findings);
  }

  /** The one that is taken in place of the dump's own, which is an earlier kernel's. */
  synchronized Optional<VmcoreInfoNote> instead() throws VmcoreException {
    if (!isChecked) {
      Optional<VmcoreInfo> own = own();
      if (own.isPresent() && isContradicted(own.get())) {
        instead = fitting(own.get());
      }
      isChecked = true;
    }
    return instead;
  }

  /** Whether memory that is there isn't that of the kernel which {@code own} tells of. */
  private boolean isContradicted(VmcoreInfo own) throws VmcoreException {
    return vmcore.vmcoreInfoAt().isEmpty()
        && VmcoreInfoChoice.signs(vmcore.physical(), vmcore.header().order(), own) < 0;
  }

  private Optional<VmcoreInfoNote> fitting(VmcoreInfo own) throws VmcoreException {
    VmcoreInfoChoice choice = choice();
    Optional<VmcoreInfoNote> best = choice.fits() ? choice.best() : Optional.empty();
    String release = own.osRelease().orElse("an unnamed kernel");
    String what = "the dump's VMCOREINFO is of " + release + ", which isn't where it says";
    if (best.isPresent()) {
      what += ": that at " + best.get().describe() + " is taken, which is (--vmcoreinfo chooses)";
    }
    if (best.isPresent() || !isTold()) {
      findings.add(
          new Finding(VmcoreInfoChoice.CHECK, Severity.WARNING, OptionalLong.empty(), what));
    }
    return best;
  }

  /** Whether opening has warned of it: there, too, VMCOREINFO may have been searched for. */
  private boolean isTold() {
    for (Finding each : vmcore.findings()) {
      if (each.check().equals(VmcoreInfoChoice.CHECK) && each.severity() == Severity.WARNING) {
        return true;
      }
    }
    return false;
  }

  private VmcoreInfoChoice choice() throws VmcoreException {
    ByteOrder order = vmcore.header().order();
    try (SearchBudget budget = SearchBudget.of(search, VmcoreInfo.NAME, vmcore.memorySize())) {
      List<VmcoreInfoNote> notes =
          VmcoreInfoSearch.search(vmcore.physical(), vmcore.name(), order, budget);
      unsearched = budget.finding();
      return VmcoreInfoChoice.of(vmcore.physical(), notes);
    }
  }

  /** What of memory wasn't searched. */
  synchronized Optional<Finding> gap() {
    return unsearched;
  }

  /** The best of those in memory. */
  synchronized Optional<VmcoreInfoNote> found() throws VmcoreException {
    if (!isSearched) {
      VmcoreInfoChoice choice = choice();
      found = choice.fits() ? choice.best() : readable(choice.notes());
      findings.addAll(found.equals(choice.best()) ? choice.findings() : List.of());
      found.ifPresent(this::compareOrders);
      found.ifPresent(this::comparePages);
      isSearched = true;
    }
    return found;
  }

  /** Says so when the kernel's byte order isn't the container's. */
  private void compareOrders(VmcoreInfoNote note) {
    ByteOrder headers = vmcore.header().order();
    if (!note.order().equals(headers)) {
      String what =
          "the headers are "
              + name(headers)
              + ", VMCOREINFO in memory is "
              + name(note.order())
              + ", as which the kernel is read";
      findings.add(
          new Finding(VmcoreInfoChoice.CHECK, Severity.WARNING, OptionalLong.empty(), what));
    }
  }

  /** Says so when the kernel's pages aren't those that the dump is read by. */
  private void comparePages(VmcoreInfoNote note) {
    OptionalLong own = note.info().pageSize();
    if (own.isPresent() && own.getAsLong() != vmcore.pageSize()) {
      String what =
          "the dump is read by pages of "
              + Hex.of(vmcore.pageSize())
              + " bytes, the kernel's have "
              + Hex.of(own.getAsLong())
              + ", as VMCOREINFO in memory tells";
      findings.add(
          new Finding(VmcoreInfoChoice.CHECK, Severity.WARNING, OptionalLong.empty(), what));
    }
  }

  private static String name(ByteOrder order) {
    return order == ByteOrder.BIG_ENDIAN ? "big-endian" : "little-endian";
  }

  /** The one that leads to a utsname of the release it names: others are earlier kernels'. */
  private Optional<VmcoreInfoNote> readable(List<VmcoreInfoNote> notes) throws VmcoreException {
    for (int i = 0; notes.size() > 1 && i < Math.min(notes.size(), MAX_FOUND); i++) {
      Optional<VmcoreInfo> info = Optional.of(notes.get(i).info());
      KernelMemory memory = KernelMemory.of(vmcore, info);
      if (UtsName.isOf(KernelReader.of(vmcore, memory, info), info.get())) {
        return Optional.of(notes.get(i));
      }
    }
    return notes.stream().findFirst();
  }
}
