package org.vmcore.kernel.unwind;

import java.util.OptionalLong;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.PageState;

/** Why a stack can't be followed any further. */
public final class BrokenStack extends Exception {
  private static final long serialVersionUID = 1L;
  private static final String CHECK = "stack";

  private final transient Finding finding;

  private BrokenStack(Severity severity, String reason) {
    super(reason);
    this.finding = new Finding(CHECK, severity, OptionalLong.empty(), reason);
  }

  /** It is damaged. */
  public BrokenStack(String reason) {
    this(Severity.ERROR, reason);
  }

  /** What it leads to is in this state. */
  public BrokenStack(PageState state, String reason) {
    this(state == PageState.EXCLUDED ? Severity.WARNING : Severity.ERROR, reason);
  }

  /** What it needs can't be read. */
  public BrokenStack(Unreadable fault) {
    this(fault.state(), fault.reason());
  }

  /** The dump, or what is known of its kernel, lacks what is needed. */
  public static BrokenStack lacking(String reason) {
    return new BrokenStack(Severity.WARNING, reason);
  }

  /** An error where something is damaged, a warning where it was left out or isn't known. */
  public Finding finding() {
    return finding;
  }
}
