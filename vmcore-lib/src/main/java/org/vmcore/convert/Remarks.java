package org.vmcore.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;

/** What has to be said of a conversion. */
final class Remarks {
  private final List<Finding> findings = new ArrayList<>();

  /** What the filter says is {@code first}. */
  Remarks(List<Finding> first) {
    findings.addAll(first);
  }

  /** So many page frames were made whole. */
  Remarks parts(long count) {
    if (count > 0) {
      findings.add(
          Finding.info(
              "partial_pages",
              pages(count)
                  + " in the source in part alone: what it has excluded of "
                  + (count == 1 ? "it" : "them")
                  + " is zeros in the output"));
    }
    return this;
  }

  /** So many page frames are lost. */
  Remarks lost(long count) {
    if (count > 0) {
      add(
          "lost_pages",
          Severity.ERROR,
          pages(count)
              + " lost in the source, and so "
              + (count == 1 ? "it is" : "they are")
              + " in the output");
    }
    return this;
  }

  private static String pages(long count) {
    return count + (count == 1 ? " page is" : " pages are");
  }

  private void add(String check, Severity severity, String message) {
    findings.add(new Finding(check, severity, OptionalLong.empty(), message));
  }

  /** All of it. */
  List<Finding> findings() {
    return List.copyOf(findings);
  }
}
