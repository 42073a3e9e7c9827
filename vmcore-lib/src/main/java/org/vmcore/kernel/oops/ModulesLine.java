package org.vmcore.kernel.oops;

import java.util.ArrayList;
import java.util.List;

/** The modules of a report: {@code fxcrash(OE) virtio_blk [last unloaded: x(O)]}. */
final class ModulesLine {
  private ModulesLine() {}

  /** Those of them that aren't of the kernel's own tree. */
  static List<String> outOfTree(String modules) {
    List<String> names = new ArrayList<>();
    int at = 0;
    while (at < modules.length() && modules.charAt(at) != '[') {
      int end = Text.wordEnd(modules, at);
      int open = modules.indexOf('(', at);
      if (open > at && open < end && modules.substring(open, end).indexOf('O') >= 0) {
        names.add(modules.substring(at, open));
      }
      at = Text.skipBlanks(modules, end);
    }
    return names;
  }
}
