package org.vmcore.remoteproc.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;

/** What can't be had: the first hundred one by one, and how many more there are. */
final class Gaps {
  private static final int MOST = 100;

  private final List<Finding> first = new ArrayList<>();
  private int more;
  private Severity worst = Severity.INFO;

  void add(Finding gap) {
    if (first.size() < MOST) {
      first.add(gap);
      return;
    }
    more++;
    if (gap.severity().compareTo(worst) > 0) {
      worst = gap.severity();
    }
  }

  /** One that is an error: what {@code line} tells of is lost. */
  void lost(String line) {
    add(Parts.error(line));
  }

  /**
   * All so far; the last one stands for those that were only counted, and is as bad as they are.
   */
  List<Finding> told() {
    List<Finding> told = new ArrayList<>(first);
    if (more > 0) {
      told.add(new Finding(Parts.CHECK, worst, OptionalLong.empty(), more + " more"));
    }
    return told;
  }
}
