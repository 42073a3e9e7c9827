package org.vmcore.cli.output;

import org.vmcore.memory.VmcoreException;

/**
 * What was asked for can't be had because something of the dump is lost: no failure, but damage
 * ({@link ExitStatus#DAMAGED}).
 */
public final class LossException extends VmcoreException {
  private static final long serialVersionUID = 1L;

  /** What {@code reason} says of {@code file} is due to a loss. */
  public LossException(String file, String reason) {
    super(file, reason);
  }

  @Override
  public boolean isLoss() {
    return true;
  }
}
