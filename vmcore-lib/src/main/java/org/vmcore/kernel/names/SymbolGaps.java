package org.vmcore.kernel.names;

import java.util.OptionalLong;
import org.vmcore.kernel.reading.KernelSource;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.SearchBudget;

/** What of symbols can't be had: an error where it is lost or damaged. */
public final class SymbolGaps {
  private static final String CHECK = "symbols";

  private SymbolGaps() {}

  /** What kept a table from being read. */
  public static Finding of(VmcoreException fault) {
    return fault instanceof Unreadable unreadable
        ? of(unreadable.state(), fault.reason())
        : of(PageState.LOST, fault.reason());
  }

  /** A gap at a byte of this state. */
  public static Finding of(PageState state, String message) {
    return switch (state) {
      case PRESENT, LOST ->
          new Finding(CHECK, Finding.Severity.ERROR, OptionalLong.empty(), message);
      case EXCLUDED, NOT_RAM -> warning(message);
    };
  }

  /**
   * What isn't found in the kernel's image: an error when a part of that is lost.
   *
   * @param budget of the search for it
   */
  public static Finding missing(KernelSource kernel, SearchBudget budget, String message)
      throws VmcoreException {
    String searched = budget.unsearched().map(line -> "; memory is " + line).orElse("");
    Extents extents = new Extents(kernel.memory());
    for (AddressRange range : kernel.imageRanges()) {
      if (extents.isLost(range)) {
        return of(PageState.LOST, message + ": a part of the kernel's image is lost");
      }
    }
    return warning(message + searched);
  }

  /** Goes over extents of memory, up to a number. */
  private static final class Extents {
    private static final int MOST = 1 << 16;

    private final Memory memory;
    private int seen;

    Extents(Memory memory) {
      this.memory = memory;
    }

    /** Whether a byte of {@code range} is lost. */
    boolean isLost(AddressRange range) throws VmcoreException {
      for (long at = range.start(), size; seen++ < MOST; at += size) {
        Extent extent = memory.extentAt(at);
        if (extent.state() == PageState.LOST) {
          return true;
        }
        size = extent.sizeFrom(at);
        if (Long.compareUnsigned(size, range.last() - at) > 0) {
          break;
        }
      }
      return false;
    }
  }

  /** What isn't there, or nobody tells of. */
  public static Finding warning(String message) {
    return new Finding(CHECK, Finding.Severity.WARNING, OptionalLong.empty(), message);
  }
}
