package org.vmcore.kernel.unwind;

/** Why a stack can't be followed any further. */
public final class BrokenStack extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  public BrokenStack(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** In one line. */
  public String reason() {
    return reason;
  }
}
