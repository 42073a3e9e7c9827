package org.vmcore.kernel.symbols;

import java.util.List;
import java.util.Optional;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.MemoryScan;
import org.vmcore.scan.SearchBudget;

/**
 * Finds kallsyms' tables in the kernel's memory, where VMCOREINFO doesn't tell of them: before 6.0,
 * or without it.
 *
 * <p>{@code kallsyms_token_index} is 256 ascending numbers, the first of them 0, right behind the
 * {@code kallsyms_token_table} whose strings they count. In front of that are the markers, behind
 * which 6.1 to 6.4 have the order of names; in front of the markers the names, then their count.
 * The addresses are in front of that or, since 6.5, behind the index. Each table begins at a
 * multiple of a word or, since 7.0, of 4 bytes. Source: {@code write_src} of scripts/kallsyms.c.
 */
final class KallsymsSearch implements MemoryScan.Look {
  /** The least that tables are aligned to, in bytes. */
  static final int ALIGNMENT = 4;

  /** What fills up a table is less, in bytes. */
  static final int FILL = 8;

  static final int INDEX_SIZE = 2 * Tokens.COUNT;

  /** The last token and what fills up to the index. */
  private static final int MAX_LAST = 256;

  /** Names, markers and order that are tried at first, in bytes. */
  private static final int NAMES = 4 << 20;

  /** Those of the largest kernels take 10 MiB. */
  private static final int MAX_NAMES = 16 << 20;

  private final KernelReader in;
  private final SearchBudget budget;
  private final SearchSteps steps = new SearchSteps();
  private final NamesSearch names;
  private Optional<KallsymsTables> found = Optional.empty();

  private KallsymsSearch(KernelReader in, SearchBudget budget) {
    this.in = in;
    this.budget = budget;
    this.names = new NamesSearch(in, steps);
  }

  /** The tables in the first of {@code ranges} that has some. */
  static Optional<KallsymsTables> search(
      KernelReader in, SearchBudget budget, List<AddressRange> ranges) throws VmcoreException {
    KallsymsSearch search = new KallsymsSearch(in, budget);
    MemoryScan scan = new MemoryScan(in.memory(), budget, ALIGNMENT, INDEX_SIZE);
    for (AddressRange range : ranges) {
      scan.over(range, search);
    }
    return search.found;
  }

  @Override
  public boolean isOver() {
    return found.isPresent() || steps.areSpent();
  }

  @Override
  public void at(byte[] bytes, int length, long address) throws VmcoreException {
    for (int at = 0; at <= length - INDEX_SIZE && !steps.areSpent(); at += ALIGNMENT) {
      if (isIndex(bytes, at)) {
        found = tables(address + at);
        if (isOver()) {
          giveUp(address + at);
          return;
        }
      }
    }
  }

  private void giveUp(long address) {
    if (found.isEmpty()) {
      budget.giveUpAt(address);
    }
  }

  /** Of bytes in memory many are 0; the second number isn't, for no token is empty. */
  private boolean isIndex(byte[] bytes, int at) {
    if (bytes[at] != 0 || bytes[at + 1] != 0 || (bytes[at + 2] | bytes[at + 3]) == 0) {
      return false;
    }
    int last = 0;
    for (int i = 1; i < Tokens.COUNT; i++) {
      int next = in.uint16(bytes, at + 2 * i);
      if (next <= last || next - last > MAX_LAST) {
        steps.take(1 + i / ALIGNMENT);
        return false;
      }
      last = next;
    }
    steps.take(last); // what it takes to look for its table
    return true;
  }

  private Optional<KallsymsTables> tables(long index) throws VmcoreException {
    long table = table(index);
    if (table == 0) {
      return Optional.empty();
    }
    for (int most = NAMES; most <= MAX_NAMES && !steps.areSpent(); most *= 2) {
      byte[] before = in.before(table, most);
      steps.take(before.length / ALIGNMENT);
      budget.read(before.length);
      Optional<KallsymsTables> found = names.in(before, table, index);
      if (found.isPresent() || before.length < most) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Where the token table begins whose index is at {@code index}; 0: there is none. */
  private long table(long index) throws VmcoreException {
    byte[] counts = in.bytes(index, INDEX_SIZE, "kallsyms_token_index");
    int last = in.uint16(counts, INDEX_SIZE - 2);
    byte[] before = in.upTo(index - last - MAX_LAST, last + MAX_LAST);
    for (int at = MAX_LAST - 2; before.length == last + MAX_LAST && at >= 0; at--) {
      if ((index - last - MAX_LAST + at) % ALIGNMENT == 0 && isTable(before, at, counts)) {
        return index - last - MAX_LAST + at;
      }
    }
    return 0;
  }

  private boolean isTable(byte[] bytes, int from, byte[] counts) {
    for (int i = 1; i < Tokens.COUNT; i++) {
      int begin = from + in.uint16(counts, 2 * i - 2);
      int end = from + in.uint16(counts, 2 * i) - 1;
      for (int at = begin; at < end; at++) {
        if (bytes[at] == 0) {
          return false;
        }
      }
      if (bytes[end] != 0) {
        return false;
      }
    }
    int at = from + in.uint16(counts, INDEX_SIZE - 2);
    while (at < bytes.length && bytes[at] != 0) {
      at++;
    }
    return isZero(bytes, at, bytes.length) && at < bytes.length && bytes.length - at <= FILL;
  }

  /** Whether these bytes are all 0. */
  static boolean isZero(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] != 0) {
        return false;
      }
    }
    return true;
  }
}
