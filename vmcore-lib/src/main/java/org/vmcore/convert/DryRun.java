package org.vmcore.convert;

import java.util.List;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.convert.level.PageTally;
import org.vmcore.memory.Finding;
import org.vmcore.values.Described;

/**
 * What a conversion would leave out, and how large its outcome would be.
 *
 * @param pageSize in bytes
 * @param pages the pages that the source has
 * @param leftOut what the level that was asked for would leave out, by kind
 * @param excludedBefore the pages that the source has excluded
 * @param lost the pages that the source has lost
 * @param levels what each dump level would give that enough is known for, in ascending order
 * @param findings what has to be said of it
 */
public record DryRun(
    long pageSize,
    long pages,
    PageTally leftOut,
    long excludedBefore,
    long lost,
    List<Level> levels,
    List<Finding> findings) {
  /**
   * What one level would give.
   *
   * @param level the level
   * @param pages the pages that would be written
   * @param size how many bytes the output would have, by the compression that was asked for: exact
   *     without compression, else an estimate by samples
   */
  public record Level(DumpLevel level, long pages, long size) {
    /** Addresses, offsets and sizes are hexadecimal. */
    @Override
    public String toString() {
      return Described.as("DryRun.Level")
          .add("level", level)
          .add("pages", pages)
          .hex("size", size)
          .toString();
    }
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("DryRun")
        .hex("pageSize", pageSize)
        .add("pages", pages)
        .add("leftOut", leftOut)
        .add("excludedBefore", excludedBefore)
        .add("lost", lost)
        .add("levels", levels)
        .add("findings", findings)
        .toString();
  }
}
