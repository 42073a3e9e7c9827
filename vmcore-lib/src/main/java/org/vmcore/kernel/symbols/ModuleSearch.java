package org.vmcore.kernel.symbols;

import static org.vmcore.kernel.symbols.ModuleList.LAST_STATE;
import static org.vmcore.kernel.symbols.ModuleList.LIST;
import static org.vmcore.kernel.symbols.ModuleList.NAME;
import static org.vmcore.kernel.symbols.ModuleList.NAME_SIZE;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.MemoryScan;
import org.vmcore.scan.SearchBudget;

/** Finds the head of the list of modules in the kernel's data, where no symbol tells of it. */
final class ModuleSearch implements MemoryScan.Look {
  private static final int HEAD = 16; // struct list_head: next, prev

  /** After so many lists that look like it and aren't, the search is given up. */
  private static final int MAX_TRIED = 1000;

  private final KernelReader in;
  private final SearchBudget budget;
  private OptionalLong found = OptionalLong.empty();
  private int tried;

  private ModuleSearch(KernelReader in, SearchBudget budget) {
    this.in = in;
    this.budget = budget;
  }

  /** The head of the list in the first of {@code ranges} that has one. */
  static OptionalLong search(KernelReader in, SearchBudget budget, List<AddressRange> ranges)
      throws VmcoreException {
    ModuleSearch search = new ModuleSearch(in, budget);
    MemoryScan scan = new MemoryScan(in.memory(), budget, LIST, HEAD);
    for (AddressRange range : ranges) {
      scan.over(range, search);
    }
    return search.found;
  }

  @Override
  public boolean isOver() {
    return found.isPresent() || tried > MAX_TRIED;
  }

  /** Most words aren't addresses of the kernel's: one byte of each tells. */
  @Override
  public void at(byte[] bytes, int length, long address) throws VmcoreException {
    int top = in.isBigEndian() ? 0 : LIST - 1;
    for (int at = 0; at <= length - HEAD; at += LIST) {
      if (bytes[at + top] == -1
          && bytes[at + LIST + top] == -1
          && isHead(address + at, in.int64(bytes, at), in.int64(bytes, at + LIST))) {
        found = OptionalLong.of(address + at);
        return;
      }
    }
  }

  private boolean isHead(long head, long next, long prev) throws VmcoreException {
    boolean mayBe = next != head && ((next | prev) & (LIST - 1)) == 0;
    if (!mayBe || tried > MAX_TRIED || !isFirst(head, next - LIST)) {
      return false;
    }
    if (++tried > MAX_TRIED) {
      budget.giveUpAt(head);
      return false;
    }
    Optional<ModuleList> list = ModuleList.whole(in, head);
    return list.isPresent() && ModuleTables.of(in, list.get().modules()).isFound();
  }

  /** Whether a module at {@code address} leads back to {@code head}: most lists are others. */
  private boolean isFirst(long head, long address) throws VmcoreException {
    budget.read(NAME + NAME_SIZE);
    byte[] start = in.upTo(address, NAME + NAME_SIZE);
    return start.length == NAME + NAME_SIZE
        && in.int64(start, 2 * LIST) == head
        && in.int32(start, 0) >= 0
        && in.int32(start, 0) <= LAST_STATE
        && start[NAME] > ' ';
  }
}
