package org.vmcore.convert.filter;

import java.util.EnumMap;
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
  private long withoutSection;
  private @Nullable String first;

  /** Counts pages of a section that the kernel doesn't tell of. */
  synchronized void noSection(long count) {
    withoutSection += count;
  }

  /** Counts pages whose struct pages can't be read from {@code address} on. */
  synchronized void unreadable(Memory memory, long address, long count) throws VmcoreException {
    if (count > 0) {
      pages.merge(memory.extentAt(address).state(), count, Long::sum);
      first = first == null ? Hex.of(address) : first;
    }
  }

  /** What is to be said of it; empty when all could be read. */
  synchronized Optional<Finding> finding() {
    long unread = withoutSection;
    for (long each : pages.values()) {
      unread += each;
    }
    if (unread == 0) {
      return Optional.empty();
    }
    String where = first == null ? "" : ", the first at " + first;
    return Optional.of(
        new Finding(
            CHECK,
            severity(),
            OptionalLong.empty(),
            unread + " pages are kept, for their struct pages can't be read" + reasons() + where));
  }

  /** Machines have memory that the kernel doesn't use, such as QEMU's ROMs. */
  private Finding.Severity severity() {
    if (pages.isEmpty()) {
      return Finding.Severity.INFO;
    }
    return pages.containsKey(PageState.LOST) ? Finding.Severity.ERROR : Finding.Severity.WARNING;
  }

  private String reasons() {
    StringBuilder text = new StringBuilder();
    pages.forEach(
        (state, count) ->
            text.append(text.isEmpty() ? ": " : ", ")
                .append(count)
                .append(' ')
                .append(word(state)));
    if (withoutSection > 0) {
      text.append(text.isEmpty() ? ": " : ", ").append(withoutSection).append(" of no section");
    }
    return text.toString();
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
