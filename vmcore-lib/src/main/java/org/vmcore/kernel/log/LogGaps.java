package org.vmcore.kernel.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * What of a log can't be read: of each kind the first place, told by the record that was read last,
 * and how many there are.
 */
final class LogGaps {
  private static final String CHECK = "log";
  private static final long SECOND = 1_000_000_000;

  private final Memory memory;
  private final List<Finding> findings = new ArrayList<>();
  private final Kind lost = new Kind(Severity.ERROR, "can't be read", "can't be read");
  private final Kind foreign = new Kind(Severity.ERROR, "is damaged", "are damaged");
  private final Kind excluded = new Kind(Severity.WARNING, "can't be read", "can't be read");
  private OptionalLong seq = OptionalLong.empty();
  private long nanoseconds;
  private boolean isBegun;
  private boolean isInside;

  /** Whether the record that is being read is known to be damaged. */
  private boolean isDamaged;

  LogGaps(Memory memory) {
    this.memory = memory;
  }

  /** Records of which the same is to be told. */
  private static final class Kind {
    private final Severity severity;
    private final String one;
    private final String several;
    private String first = "";
    private long count;

    Kind(Severity severity, String one, String several) {
      this.severity = severity;
      this.one = one;
      this.several = several;
    }

    void report(List<Finding> out) {
      String what = count == 1 ? "a record " + one : count + " records " + several + ", the first";
      if (count > 0) {
        out.add(finding(severity, what + (count == 1 ? ", " : " ") + first));
      }
    }
  }

  private static Finding finding(Severity severity, String message) {
    return new Finding(CHECK, severity, OptionalLong.empty(), message);
  }

  /** What is told of from now on belongs to this record. */
  void in(OptionalLong number, long time) {
    seq = number;
    nanoseconds = time;
    isBegun = true;
    isInside = true;
    isDamaged = false;
  }

  /** What is told of from now on lies behind that record. */
  void behind() {
    isInside = false;
  }

  /** {@code behind seq 173 at [ 1.234500]}. */
  private String place() {
    if (!isBegun) {
      return "at the log's start";
    }
    long seconds = Long.divideUnsigned(nanoseconds, SECOND);
    long micros = Long.remainderUnsigned(nanoseconds, SECOND) / 1000;
    return (isInside ? "" : "behind ")
        + (seq.isPresent() ? "seq " + Long.toUnsignedString(seq.getAsLong()) : "the one")
        + String.format(Locale.ROOT, " at [%5d.%06d]", seconds, micros);
  }

  /** A record of which a part, whose byte at {@code address} is the first, can't be read. */
  void unreadable(long address, String what) throws VmcoreException {
    unreadable(address, what, 1);
  }

  /** Records of which parts, the first from {@code address} on, can't be read. */
  void unreadable(long address, String what, long count) throws VmcoreException {
    PageState state = memory.extentAt(address).state();
    Kind kind = state == PageState.EXCLUDED ? excluded : lost;
    if (kind.count == 0) {
      kind.first =
          place() + ": " + KernelReader.reason(address, what, KernelReader.why(memory, address));
    }
    kind.count += count;
  }

  /** A record isn't what it should be; only of the first it is asked why. */
  void damaged(Supplier<String> why) {
    if (isInside && isDamaged) {
      return;
    }
    if (foreign.count++ == 0) {
      foreign.first = place() + ": " + why.get();
    }
    isDamaged = true;
  }

  /** The records behind the last one can't be read: the memory at {@code address} is missing. */
  void ended(long address, String what, String then) throws VmcoreException {
    PageState state = memory.extentAt(address).state();
    String reason = KernelReader.reason(address, what, KernelReader.why(memory, address));
    Severity severity = state == PageState.EXCLUDED ? Severity.WARNING : Severity.ERROR;
    findings.add(finding(severity, "the records " + place() + " can't be read: " + reason + then));
  }

  /** The records behind the last one can't be read: damage. */
  void ended(String reason) {
    damage("the records " + place() + " can't be read: " + reason);
  }

  /** Damage of the log as a whole. */
  void damage(String message) {
    findings.add(finding(Severity.ERROR, message));
  }

  /**
   * What tells where the log is can't be read, nor any record then.
   *
   * @throws Unreadable when there is no such memory
   */
  void unreadable(Unreadable fault) throws Unreadable {
    switch (fault.state()) {
      case EXCLUDED -> findings.add(finding(Severity.WARNING, fault.reason()));
      case LOST, PRESENT -> findings.add(finding(Severity.ERROR, fault.reason()));
      case NOT_RAM -> throw fault;
    }
  }

  List<Finding> findings() {
    List<Finding> all = new ArrayList<>(findings);
    lost.report(all);
    foreign.report(all);
    excluded.report(all);
    return all;
  }
}
