package org.vmcore.kernel;

import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** The fault of a field of the kernel's that isn't in the dump. */
final class Unreadable extends VmcoreException {
  private static final long serialVersionUID = 1L;

  private final PageState state;

  Unreadable(String file, String reason, PageState state) {
    super(file, reason);
    this.state = state;
  }

  /** The state of the first byte that can't be read. */
  PageState state() {
    return state;
  }
}
