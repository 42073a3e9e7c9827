package org.vmcore.kernel;

import java.util.OptionalLong;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** What of symbols can't be had: an error where it is lost or damaged. */
final class SymbolGaps {
  private static final String CHECK = "symbols";

  private SymbolGaps() {}

  /** What kept a table from being read. */
  static Finding of(VmcoreException fault) {
    return fault instanceof Unreadable unreadable
        ? of(unreadable.state(), fault.reason())
        : of(PageState.LOST, fault.reason());
  }

  /** A gap at a byte of this state. */
  static Finding of(PageState state, String message) {
    return switch (state) {
      case PRESENT, LOST ->
          new Finding(CHECK, Finding.Severity.ERROR, OptionalLong.empty(), message);
      case EXCLUDED, NOT_RAM -> warning(message);
    };
  }

  /** What isn't there, or nobody tells of. */
  static Finding warning(String message) {
    return new Finding(CHECK, Finding.Severity.WARNING, OptionalLong.empty(), message);
  }
}
