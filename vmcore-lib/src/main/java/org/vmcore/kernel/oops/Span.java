package org.vmcore.kernel.oops;

/** The lines of one report: of an oops, a lockup, a warning. */
final class Span {
  final int start;
  final boolean isRemark;
  private CrashKind kind;
  private boolean isTrapped;
  private boolean hasDetails;
  private boolean isSurvived;

  Span(int start, CrashKind kind, boolean isRemark) {
    this.start = start;
    this.kind = kind;
    this.isRemark = isRemark;
  }

  CrashKind kind() {
    return kind;
  }

  /** What the CPU made of it; it tells more only where what happened is a bare oops. */
  void trap(CrashKind trap) {
    isTrapped = true;
    if (kind == CrashKind.OOPS) {
      kind = trap;
    }
  }

  void detail() {
    hasDetails = true;
  }

  /** The kernel said that the report is at its end, and went on. */
  void survive() {
    isSurvived = true;
  }

  boolean isTrapped() {
    return isTrapped;
  }

  boolean hasDetails() {
    return hasDetails;
  }

  boolean isSurvived() {
    return isSurvived;
  }
}
