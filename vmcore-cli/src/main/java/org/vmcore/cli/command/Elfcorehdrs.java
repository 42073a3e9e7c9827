package org.vmcore.cli.command;

import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.io.Finding;

/** How the crash headers were found. */
final class Elfcorehdrs {
  private static final String CHECK = "elfcorehdr";

  private Elfcorehdrs() {}

  /** The one that was taken, then those that weren't, with the reason; none without a search. */
  static List<Finding> findings(Vmcore vmcore) {
    return vmcore.findings().stream().filter(each -> each.check().equals(CHECK)).toList();
  }
}
