package org.vmcore.cli.system;

import java.util.List;
import org.vmcore.cli.command.Ending;
import org.vmcore.memory.Finding;

/** What of the kernel can't be had, told on stderr. */
final class Gaps {
  private Gaps() {}

  static void tell(Ending ending, List<Finding> gaps) {
    for (Finding gap : gaps) {
      ending.gap("", gap);
    }
  }
}
