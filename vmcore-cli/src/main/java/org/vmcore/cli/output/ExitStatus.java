package org.vmcore.cli.output;

/** What the process tells its caller. */
public final class ExitStatus {
  /** Done. */
  public static final int OK = 0;

  /** Failed, or nothing found. */
  public static final int FAILED = 1;

  /** A wrong command line. */
  public static final int USAGE = 2;

  /** The dump is damaged, or the output met lost bytes. */
  public static final int DAMAGED = 3;

  /** Nobody reads the output any more: as a process that SIGPIPE killed. */
  public static final int CLOSED_PIPE = 141;

  private ExitStatus() {}
}
