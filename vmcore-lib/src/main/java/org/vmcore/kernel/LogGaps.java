package org.vmcore.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.io.Finding;
import org.vmcore.io.VmcoreException;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;

/** What of a log can't be read: the first place of each kind, and how many there are. */
final class LogGaps {
  private static final String CHECK = "log";

  private final Memory memory;
  private final List<Finding> findings = new ArrayList<>();
  private Place excluded = new Place("", 0);
  private Place lost = new Place("", 0);
  private Place foreign = new Place("", 0);

  LogGaps(Memory memory) {
    this.memory = memory;
  }

  /** The first of {@code count} records. */
  private record Place(String text, int count) {
    Place and(String next) {
      return new Place(count == 0 ? next : text, count + 1);
    }

    void tell(List<Finding> out, Finding.Severity severity) {
      if (count > 0) {
        String records = count == 1 ? "a record" : count + " records, the first";
        out.add(new Finding(CHECK, severity, OptionalLong.empty(), records + text));
      }
    }
  }

  /** A record of which a part, whose first byte is that at {@code address}, can't be read. */
  void unreadable(long address, String what) throws VmcoreException {
    PageState state = memory.extentAt(address).state();
    String text =
        " can't be read: " + what + " at 0x" + Long.toHexString(address) + ": " + Reader.why(state);
    if (state == PageState.EXCLUDED) {
      excluded = excluded.and(text);
    } else {
      lost = lost.and(text);
    }
  }

  /** A record that isn't what it should be. */
  void damaged(String text) {
    foreign = foreign.and(" is damaged: " + text);
  }

  /** Damage of the log as a whole. */
  void damage(String message) {
    tell(Finding.Severity.ERROR, message);
  }

  /**
   * What tells where the log is can't be read, nor any record then.
   *
   * @throws Unreadable when there is no such memory
   */
  void unreadable(Unreadable fault) throws Unreadable {
    switch (fault.state()) {
      case EXCLUDED -> tell(Finding.Severity.WARNING, fault.reason());
      case LOST, PRESENT -> tell(Finding.Severity.ERROR, fault.reason());
      case NOT_RAM -> throw fault;
    }
  }

  private void tell(Finding.Severity severity, String message) {
    findings.add(new Finding(CHECK, severity, OptionalLong.empty(), message));
  }

  List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings);
    lost.tell(all, Finding.Severity.ERROR);
    foreign.tell(all, Finding.Severity.ERROR);
    excluded.tell(all, Finding.Severity.WARNING);
    return all;
  }
}
