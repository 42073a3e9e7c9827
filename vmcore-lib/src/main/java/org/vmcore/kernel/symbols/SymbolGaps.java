package org.vmcore.kernel.symbols;

import java.util.OptionalLong;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
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

  /** What isn't found in the kernel's image: an error when a part of that is lost. */
  static Finding missing(KernelSource kernel, String message) throws VmcoreException {
    for (AddressRange range : kernel.imageRanges()) {
      for (long at = range.start(), size; ; at += size) {
        Extent extent = kernel.memory().extentAt(at);
        if (extent.state() == PageState.LOST) {
          return of(extent.state(), message + ": a part of the kernel's image is lost");
        }
        size = extent.sizeFrom(at);
        if (Long.compareUnsigned(size, range.last() - at) > 0) {
          break;
        }
      }
    }
    return warning(message);
  }

  /** What isn't there, or nobody tells of. */
  static Finding warning(String message) {
    return new Finding(CHECK, Finding.Severity.WARNING, OptionalLong.empty(), message);
  }
}
