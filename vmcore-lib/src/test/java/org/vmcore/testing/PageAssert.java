package org.vmcore.testing;

import org.vmcore.Vmcore;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/** Assertions about a page frame; each goes back to the dump. */
public final class PageAssert {
  private final VmcoreAssert dump;
  private final Vmcore vmcore;
  private final long pfn;

  PageAssert(VmcoreAssert dump, Vmcore vmcore, long pfn) {
    this.dump = dump;
    this.vmcore = vmcore;
    this.pfn = pfn;
  }

  /** Its bytes can be had: each that is RAM. */
  public VmcoreAssert present() {
    return require(PageState.PRESENT);
  }

  /** It was filtered out when the dump was made. */
  public VmcoreAssert excluded() {
    return require(PageState.EXCLUDED);
  }

  /** It can't be had: the dump is cut short, or damaged there. */
  public VmcoreAssert lost() {
    return require(PageState.LOST);
  }

  /** The dump knows of no RAM there. */
  public VmcoreAssert notRam() {
    return require(PageState.NOT_RAM);
  }

  private VmcoreAssert require(PageState wanted) {
    PageState state = dump.ask(this::state);
    if (state != wanted) {
      long address = pfn * vmcore.pageSize();
      throw dump.fail(
          "expected page frame "
              + DumpWords.hex(pfn)
              + " to be "
              + DumpWords.state(wanted)
              + ", but it is "
              + DumpWords.state(state)
              + ": physical address "
              + DumpWords.hex(address)
              + " "
              + dump.ask(() -> DumpWords.state(vmcore.physical(), address)));
    }
    return dump;
  }

  /** As {@link Vmcore#pages} tells it: where parts differ, the worst counts. */
  private PageState state() throws VmcoreException {
    Memory memory = vmcore.physical();
    long start = pfn * vmcore.pageSize();
    PageState worst = PageState.NOT_RAM;
    for (long done = 0; done < vmcore.pageSize(); ) {
      Extent extent = memory.extentAt(start + done).clip(start + done, vmcore.pageSize() - done);
      worst = rank(extent.state()) > rank(worst) ? extent.state() : worst;
      done += extent.size();
    }
    return worst;
  }

  private static int rank(PageState state) {
    return switch (state) {
      case NOT_RAM -> 0;
      case PRESENT -> 1;
      case EXCLUDED -> 2;
      case LOST -> 3;
    };
  }
}
