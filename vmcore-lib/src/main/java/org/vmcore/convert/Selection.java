package org.vmcore.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.convert.filter.PageTally;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Which pages a level leaves out, zero pages aside, and what has to be said of that. */
final class Selection {
  private final PageTally leftOut = new PageTally();
  private final List<Finding> findings = new ArrayList<>();

  /** Nothing is left out. */
  Selection() {}

  /**
   * Leaves out of {@code pages} what the level of {@code options} says, but for zero pages.
   *
   * @throws VmcoreException when something that the level needs isn't known of the kernel, the dump
   *     is closed, or its file fails
   */
  static Selection of(Vmcore vmcore, SourcePages pages, ConversionOptions options)
      throws VmcoreException {
    return new Selection();
  }

  /** The pages that are left out, by kind. */
  PageTally leftOut() {
    return leftOut;
  }

  /** What has to be said, of losses too. */
  List<Finding> findings(long lost) {
    List<Finding> all = new ArrayList<>(findings);
    if (lost > 0) {
      all.add(
          new Finding(
              "lost_pages",
              Finding.Severity.ERROR,
              OptionalLong.empty(),
              lost + " pages are lost in the source, and so they are in the output"));
    }
    return List.copyOf(all);
  }
}
