package org.vmcore.cli;

/** Options that are right one by one and wrong together. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
