package org.vmcore.kernel.stacks;

/** Why a stack can't be followed any further. */
final class BrokenStack extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;

  BrokenStack(String reason) {
    super(reason);
    this.reason = reason;
  }

  /** In one line. */
  String reason() {
    return reason;
  }
}
