package org.vmcore.format.kdump;

import java.util.OptionalLong;
import org.vmcore.memory.Finding;
import org.vmcore.values.Hex;

/**
 * Why a page that was dumped can't be had.
 *
 * @param offset of what is wrong in the file, in bytes; empty when that isn't in it
 * @param why in words
 */
record PageLoss(OptionalLong offset, String why) {
  private static final String CHECK = "pages";

  /** A loss that shows at {@code offset} in the file. */
  static PageLoss at(long offset, String why) {
    return new PageLoss(OptionalLong.of(offset), why);
  }

  /** A loss for which there is no place in the file. */
  static PageLoss of(String why) {
    return new PageLoss(OptionalLong.empty(), why);
  }

  /** The finding that page frame {@code pfn} is lost. */
  Finding finding(long pfn) {
    String message = "page frame " + Hex.of(pfn) + ": " + why;
    return new Finding(CHECK, Finding.Severity.ERROR, offset, message);
  }
}
