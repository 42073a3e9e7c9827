package org.vmcore.gdb.core;

import java.util.Arrays;
import java.util.List;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.Missing;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Unsigned;

/**
 * What of some ranges of memory a dump has, in pieces as long as they are: each becomes a PT_LOAD.
 * gdb takes what p_memsz exceeds p_filesz by for zeros, so there is nothing of the kind.
 */
final class CoreLoads {
  /** More pieces than a table of program headers has room for. */
  private static final int MOST = 1 << 24;

  private long[] starts = new long[64];
  private long[] sizes = new long[64];
  private int count;
  private Missing missing = Missing.NOTHING;

  private CoreLoads() {}

  /** The pieces of {@code ranges}, which ascend, that {@code memory} has. */
  static CoreLoads of(Memory memory, List<AddressRange> ranges) throws VmcoreException {
    CoreLoads loads = new CoreLoads();
    for (AddressRange range : ranges) {
      loads.cut(memory, range);
    }
    return loads;
  }

  private void cut(Memory memory, AddressRange range) throws VmcoreException {
    long at = range.start();
    do {
      Extent extent = memory.extentAt(at).clip(at, range.end() - at);
      if (extent.isPresent()) {
        add(memory, extent);
      } else if (extent.state() != PageState.NOT_RAM) {
        missing = missing.plus(memory, extent);
      }
      at = extent.end();
    } while (at != range.end());
  }

  private void add(Memory memory, Extent extent) throws VmcoreException {
    if (count > 0 && starts[count - 1] + sizes[count - 1] == extent.start()) {
      sizes[count - 1] += extent.size();
      return;
    }
    if (count == MOST) {
      throw VmcoreException.of(memory.source(), "more than " + MOST + " pieces of memory");
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      sizes = Arrays.copyOf(sizes, 2 * count);
    }
    starts[count] = extent.start();
    sizes[count++] = extent.size();
  }

  /** What was asked for, may be RAM, and isn't there. */
  Missing missing() {
    return missing;
  }

  int count() {
    return count;
  }

  /** Where a piece begins: kernel virtual. */
  long start(int index) {
    return starts[index];
  }

  /** The size of a piece in bytes. */
  long size(int index) {
    return sizes[index];
  }

  /** The size of all of them in bytes. */
  long total() {
    long total = 0;
    for (int i = 0; i < count; i++) {
      total = Unsigned.max(total, total + sizes[i]);
    }
    return total;
  }
}
