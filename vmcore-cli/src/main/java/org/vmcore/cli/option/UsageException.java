package org.vmcore.cli.option;

/** Options that are right one by one and wrong together. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
