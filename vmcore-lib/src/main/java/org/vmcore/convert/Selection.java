package org.vmcore.convert;

import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.convert.filter.PageFilter;
import org.vmcore.convert.level.PageTally;
import org.vmcore.convert.pages.PfnBitmap;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Which pages a level leaves out, zero pages aside, and what has to be said of that. */
final class Selection {
  private final PageFilter filter;
  private final PageTally leftOut;

  private Selection(PageFilter filter, PageTally leftOut) {
    this.filter = filter;
    this.leftOut = leftOut;
  }

  /**
   * Leaves out of {@code pages} what the level of {@code options} says, but for zero pages.
   *
   * @throws VmcoreException when something that the level needs isn't known of the kernel, the dump
   *     is closed, or its file fails
   */
  static Selection of(Vmcore vmcore, Kernel kernel, SourcePages pages, ConversionOptions options)
      throws VmcoreException {
    return of(PageFilter.of(vmcore, kernel, options.level(), options.threads()), pages);
  }

  /** Leaves out of {@code pages} what {@code filter} says. */
  static Selection of(PageFilter filter, SourcePages pages) throws VmcoreException {
    return new Selection(filter, filter.apply(pages.kept()));
  }

  /** The pages that are left out, by kind. */
  PageTally leftOut() {
    return leftOut;
  }

  /** Takes out of {@code zeros} what is never left out. */
  void spare(SourcePages pages, PfnBitmap zeros) throws VmcoreException {
    filter.spare(pages.present(), zeros);
  }

  /**
   * Of the pages in {@code out} those that the level leaves out, by kind.
   *
   * @param zeros the pages of zeros
   */
  PageTally among(PfnBitmap out, PfnBitmap zeros, ConversionOptions options)
      throws VmcoreException {
    return filter.survey(out, zeros).of(options.level()).orElse(leftOut);
  }

  /** What the filter has to say. */
  List<Finding> findings() {
    return filter.findings();
  }
}
