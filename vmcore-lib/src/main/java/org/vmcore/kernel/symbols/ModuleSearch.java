package org.vmcore.kernel.symbols;

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
  /** After so many lists that look like it and aren't, the search is given up. */
  private static final int MAX_TRIED = 1000;

  private final KernelReader in;
  private final SearchBudget budget;
  private final int word;
  private OptionalLong found = OptionalLong.empty();
  private int tried;

  private ModuleSearch(KernelReader in, SearchBudget budget) {
    this.in = in;
    this.budget = budget;
    this.word = in.wordSize();
  }

  /** The head of the list in the first of {@code ranges} that has one. */
  static OptionalLong search(KernelReader in, SearchBudget budget, List<AddressRange> ranges)
      throws VmcoreException {
    ModuleSearch search = new ModuleSearch(in, budget);
    MemoryScan scan = new MemoryScan(in.memory(), budget, search.word, 2 * search.word);
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
    int top = in.isBigEndian() ? 0 : word - 1;
    for (int at = 0; at <= length - 2 * word; at += word) {
      if (mayBeTop(bytes[at + top], address)
          && mayBeTop(bytes[at + word + top], address)
          && isHead(address + at, in.word(bytes, at), in.word(bytes, at + word))) {
        found = OptionalLong.of(address + at);
        return;
      }
    }
  }

  /**
   * Whether a kernel that has data at {@code address} has modules at addresses with that byte on
   * top: of 32 bits they are above the image, or up to 16 MiB below PAGE_OFFSET.
   */
  private boolean mayBeTop(byte top, long address) {
    return word == Long.BYTES ? top == address >> 56 : (top & 0xff) >= (address >> 24 & 0xf0) - 1;
  }

  private boolean isHead(long head, long next, long prev) throws VmcoreException {
    boolean mayBe = next != head && next != 0 && prev != 0 && ((next | prev) & (word - 1)) == 0;
    if (!mayBe || tried > MAX_TRIED || !isFirst(head, next - ModuleList.list(in))) {
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
    int name = ModuleList.name(in);
    int size = name + ModuleList.nameSize(in);
    budget.read(size);
    byte[] start = in.upTo(address, size);
    return start.length == size
        && in.word(start, 2 * word) == head
        && in.int32(start, 0) >= 0
        && in.int32(start, 0) <= ModuleList.LAST_STATE
        && start[name] > ' ';
  }
}
