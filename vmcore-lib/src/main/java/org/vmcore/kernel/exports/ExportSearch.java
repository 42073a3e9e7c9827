package org.vmcore.kernel.exports;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.MemoryScan;
import org.vmcore.scan.SearchBudget;

/**
 * Finds the exported symbols in the kernel's memory by the name of one that every kernel has,
 * {@code init_task}: what points to it, in front of it, is an entry of {@code __ksymtab}. A longer
 * name may end with it, for the linker merges those.
 */
public final class ExportSearch implements MemoryScan.Look {
  private static final byte[] KNOWN = "init_task\0".getBytes(StandardCharsets.US_ASCII);

  /** With fewer entries than this it is something else. */
  private static final int LEAST = 16;

  private final KernelReader in;
  private final SearchBudget budget;
  private Optional<Exports> found = Optional.empty();

  private ExportSearch(KernelReader in, SearchBudget budget) {
    this.in = in;
    this.budget = budget;
  }

  /** The exported symbols in the first of {@code ranges} that has some. */
  public static Optional<Exports> search(
      KernelReader in, SearchBudget budget, List<AddressRange> ranges) throws VmcoreException {
    ExportSearch search = new ExportSearch(in, budget);
    MemoryScan scan = new MemoryScan(in.memory(), budget, 1, KNOWN.length);
    for (AddressRange range : ranges) {
      scan.over(range, search);
    }
    return search.found;
  }

  @Override
  public boolean isOver() {
    return found.isPresent();
  }

  @Override
  public void at(byte[] bytes, int length, long address) throws VmcoreException {
    for (int at = 0; at <= length - KNOWN.length && !budget.isSpent(); at++) {
      if (bytes[at] == KNOWN[0] && isKnown(bytes, at)) {
        found = tables(address + at);
        if (found.isPresent()) {
          return;
        }
      }
    }
  }

  private static boolean isKnown(byte[] bytes, int at) {
    for (int i = 1; i < KNOWN.length; i++) {
      if (bytes[at + i] != KNOWN[i]) {
        return false;
      }
    }
    return true;
  }

  /** The tables with an entry of the name at {@code name}. */
  private Optional<Exports> tables(long name) throws VmcoreException {
    ExportBytes around = ExportBytes.around(in, name);
    budget.read(around.size());
    Optional<Exports> best = Optional.empty();
    for (ExportForm form : ExportForm.all(in.wordSize())) {
      ExportRun run = longest(around, form, around.at(name));
      if (run.count() >= LEAST && (best.isEmpty() || run.count() > best.get().count())) {
        best = Optional.of(Exports.of(around, form, run));
      }
    }
    return best;
  }

  /** The longest run of entries, one of which has this name. */
  private static ExportRun longest(ExportBytes in, ExportForm form, int name) {
    ExportRun longest = ExportRun.none(in, form);
    for (int at = form.find(in, 0, name); at >= 0; ) {
      ExportRun run = ExportRun.around(in, form, at);
      longest = run.count() > longest.count() ? run : longest;
      at = form.find(in, run.end(), name);
    }
    return longest;
  }
}
