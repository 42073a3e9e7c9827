package org.vmcore.convert.filter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** Counts the pages of which there is no struct page to be read: they are kept. */
final class LostMaps {
  private static final String CHECK = "struct_pages";

  private final Map<PageState, Long> pages = new EnumMap<>(PageState.class);
  private final Map<PageState, Long> tables = new EnumMap<>(PageState.class);
  private long withoutSection;
  private @Nullable String first;

  /** Counts pages of a section that the kernel doesn't tell of. */
  synchronized void noSection(long count) {
    withoutSection += count;
  }

  /** Counts pages of a section of which mem_section would tell, at {@code address}. */
  synchronized void noTable(Memory memory, long address, long count) throws VmcoreException {
    add(tables, memory, address, count);
  }

  /** Counts pages whose struct pages can't be read from {@code address} on. */
  synchronized void unreadable(Memory memory, long address, long count) throws VmcoreException {
    add(pages, memory, address, count);
  }

  private void add(Map<PageState, Long> counts, Memory memory, long address, long count)
      throws VmcoreException {
    if (count > 0) {
      counts.merge(memory.extentAt(address).state(), count, Long::sum);
      first = first == null ? Hex.of(address) : first;
    }
  }

  /** What is to be said of it; empty when all could be read. */
  synchronized Optional<Finding> finding() {
    long unread = withoutSection + sum(pages) + sum(tables);
    if (unread == 0) {
      return Optional.empty();
    }
    String where = first == null ? "" : ", the first at " + first;
    return Optional.of(
        new Finding(
            CHECK,
            severity(),
            OptionalLong.empty(),
            unread
                + (unread == 1
                    ? " page is kept, for its struct page can't be read"
                    : " pages are kept, for their struct pages can't be read")
                + reasons()
                + where));
  }

  private static long sum(Map<PageState, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Machines have memory that the kernel doesn't use, such as QEMU's ROMs. */
  private Finding.Severity severity() {
    if (pages.isEmpty() && tables.isEmpty()) {
      return Finding.Severity.INFO;
    }
    return pages.containsKey(PageState.LOST) || tables.containsKey(PageState.LOST)
        ? Finding.Severity.ERROR
        : Finding.Severity.WARNING;
  }

  private String reasons() {
    List<String> reasons = new ArrayList<>();
    pages.forEach((state, count) -> reasons.add(count + " " + word(state)));
    tables.forEach(
        (state, count) -> reasons.add(count + " of a mem_section that is " + word(state)));
    if (withoutSection > 0) {
      reasons.add(withoutSection + " of no section");
    }
    return ": " + String.join(", ", reasons);
  }

  private static String word(PageState state) {
    return switch (state) {
      case PRESENT -> "present";
      case EXCLUDED -> "excluded";
      case LOST -> "lost";
      case NOT_RAM -> "not mapped";
    };
  }
}
