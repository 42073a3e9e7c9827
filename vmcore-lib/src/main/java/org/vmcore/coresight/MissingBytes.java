package org.vmcore.coresight;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;

/** What of a range of memory isn't in the dump. */
public final class MissingBytes {
  private MissingBytes() {}

  /**
   * The ranges that can't be had of {@code size} bytes of {@code memory} from {@code start} on, in
   * order; neighbours of one state are one. What is lost may show only once it was read.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static List<Extent> of(Memory memory, long start, long size) throws VmcoreException {
    List<Extent> missing = new ArrayList<>();
    for (long done = 0; done < size; ) {
      Extent extent = memory.extentAt(start + done).clip(start + done, size - done);
      if (!extent.isPresent()) {
        add(missing, extent);
      }
      done += extent.size();
    }
    return missing;
  }

  private static void add(List<Extent> missing, Extent extent) {
    Extent last = missing.isEmpty() ? extent : missing.getLast();
    if (!missing.isEmpty() && last.end() == extent.start() && last.state() == extent.state()) {
      missing.removeLast();
      missing.add(new Extent(last.start(), last.size() + extent.size(), extent.state()));
    } else {
      missing.add(extent);
    }
  }

  /** How many bytes {@code extents} are. */
  public static long count(List<Extent> extents) {
    long count = 0;
    for (Extent each : extents) {
      count += each.size();
    }
    return count;
  }
}
