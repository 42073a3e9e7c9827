package org.vmcore.debuginfo.layout;

import org.vmcore.kernel.reading.Window;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Ascending;

/** Where code ends and the filling in front of the next function begins, of all of the text. */
final class CodeSizes {
  private static final int PIECE = 1 << 16;

  /** No filling is longer, in bytes. */
  private static final int MOST = 128;

  /** The addresses of symbols and the ends of ranges. */
  private final long[] bounds;

  /** The first of {@link #bounds} in the text. */
  private final int first;

  /** From the first one on: the size of what lies between it and the next, without filling. */
  private final int[] sizes;

  private CodeSizes(long[] bounds, int first, int[] sizes) {
    this.bounds = bounds;
    this.first = first;
    this.sizes = sizes;
  }

  /**
   * Looks at the end of each function.
   *
   * @param bounds ascending
   * @param text below 2 GiB
   */
  static CodeSizes of(Memory memory, CodeFilling filling, long[] bounds, AddressRange text)
      throws VmcoreException {
    int first = Ascending.floor(bounds, bounds.length, text.start() - 1) + 1;
    int last = Ascending.floor(bounds, bounds.length, text.end() - 1);
    int[] sizes = new int[Math.max(0, last - first + 1)];
    Window window = new Window(memory, PIECE);
    for (int i = 0; i < sizes.length; i++) {
      long start = bounds[first + i];
      boolean isLast = first + i + 1 == bounds.length;
      long end = isLast ? text.end() : Math.min(bounds[first + i + 1], text.end());
      sizes[i] = (int) (end - start) - filling(window, filling, start, end);
    }
    return new CodeSizes(bounds, first, sizes);
  }

  private static int filling(Window window, CodeFilling filling, long start, long end)
      throws VmcoreException {
    int looked = (int) Math.min(end - start, MOST);
    int at = looked == 0 ? -1 : window.at(end - looked, looked);
    return at < 0 ? 0 : at + looked - filling.start(window.bytes(), at, at + looked);
  }

  /** The size of the code at {@code address}; {@code room} where it isn't in the text. */
  long of(long address, long room) {
    int rank = Ascending.floor(bounds, bounds.length, address) - first;
    return rank < 0 || rank >= sizes.length || bounds[first + rank] != address ? room : sizes[rank];
  }
}
