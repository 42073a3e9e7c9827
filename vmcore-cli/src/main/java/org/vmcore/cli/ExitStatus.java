package org.vmcore.cli;

/** What the process tells its caller. */
final class ExitStatus {
  /** Done. */
  static final int OK = 0;

  /** Failed, or nothing found. */
  static final int FAILED = 1;

  /** A wrong command line. */
  static final int USAGE = 2;

  /** The dump is damaged, or the output met lost bytes. */
  static final int DAMAGED = 3;

  /** Nobody reads the output any more: as a process that SIGPIPE killed. */
  static final int CLOSED_PIPE = 141;

  private ExitStatus() {}
}
