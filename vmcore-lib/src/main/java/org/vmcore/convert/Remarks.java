package org.vmcore.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.elf.ProgramHeader;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;

/** What has to be said of a conversion. */
final class Remarks {
  private final List<Finding> findings = new ArrayList<>();

  private Remarks() {}

  /**
   * What damage was seen when {@code vmcore} was opened, and what the filter says, {@code more}.
   */
  static Remarks of(Vmcore vmcore, List<Finding> more) {
    Remarks remarks = new Remarks();
    for (Finding each : vmcore.findings()) {
      if (each.severity() == Severity.ERROR) {
        remarks.findings.add(each);
      }
    }
    remarks.findings.addAll(more);
    return remarks;
  }

  /**
   * PT_LOADs of {@code vmcore} have no physical address: in an ELF dump they are as they were, and
   * no page frames; another one has page frames alone.
   */
  Remarks unplaced(Vmcore vmcore, OutputFormat format) {
    int count = 0;
    long bytes = 0;
    for (ProgramHeader each : vmcore.segments()) {
      if (each.isLoad() && !each.isPhysicalKnown() && each.memsz() != 0) {
        count++;
        bytes += each.memsz();
      }
    }
    if (count > 0) {
      String are = count == 1 ? "1 PT_LOAD, of " : count + " PT_LOADs, together of ";
      are += bytes + (count == 1 ? " bytes, has" : " bytes, have") + " no physical address: ";
      if (format == OutputFormat.ELF) {
        add(
            "unplaced_memory",
            Severity.INFO,
            are
                + "in the output "
                + (count == 1 ? "it isn't" : "they aren't")
                + " counted in pages");
      } else {
        add(
            "unplaced_memory",
            Severity.WARNING,
            are + (count == 1 ? "it isn't" : "they aren't") + " in the output");
      }
    }
    return this;
  }

  /** So many page frames are in the output. */
  Remarks written(long count) {
    if (count == 0) {
      add("no_memory", Severity.WARNING, "no page of memory is in the output");
    }
    return this;
  }

  /** Something got lost behind the point at which it could have been told of. */
  Remarks lostOnTheWay(boolean isSo) {
    if (isSo) {
      add(
          "lost_on_the_way",
          Severity.ERROR,
          "memory got lost while it was written: the output has zeros in its place, and doesn't"
              + " tell where");
    }
    return this;
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
