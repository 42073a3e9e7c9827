package org.vmcore.cli.type;

import org.vmcore.cli.command.Ending;
import org.vmcore.kernel.objects.Value;

/** What of values couldn't be read. */
final class Losses {
  private int values;
  private int missing;
  private int lost;
  private String reason = "";

  void see(Value value) {
    values++;
    if (value.missing().isPresent()) {
      missing++;
      lost += value.isLost() ? 1 : 0;
      if (reason.isEmpty() || (value.isLost() && lost == 1)) {
        reason = value.missing().get();
      }
    }
  }

  /** One line on what is missing; where nothing could be read there is nothing. */
  void say(Ending ending) {
    if (missing == 0) {
      return;
    }
    String line = missing + " of " + values + " values can't be read: " + reason;
    if (lost > 0) {
      ending.lost(line);
    } else if (missing == values) {
      ending.failed(line);
    }
  }
}
