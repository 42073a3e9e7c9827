package org.vmcore.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.memory.Finding;

/** How the crash headers were found. */
public final class Elfcorehdrs {
  private static final String CHECK = "elfcorehdr";

  private Elfcorehdrs() {}

  /** The one that was taken, then those that weren't, with the reason; none without a search. */
  public static List<Finding> findings(Vmcore vmcore) {
    List<Finding> found = new ArrayList<>();
    for (Finding each : vmcore.findings()) {
      if (each.check().equals(CHECK)) {
        found.add(each);
      }
    }
    return found;
  }
}
