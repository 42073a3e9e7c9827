package org.vmcore.kernel.reading;

import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** The fault of a field of the kernel's that isn't in the dump. */
public final class Unreadable extends VmcoreException {
  private static final long serialVersionUID = 1L;

  private final PageState state;

  public Unreadable(String file, String reason, PageState state) {
    super(file, reason);
    this.state = state;
  }

  /** The state of the first byte that can't be read. */
  public PageState state() {
    return state;
  }

  @Override
  public boolean isLoss() {
    return state == PageState.LOST;
  }
}
