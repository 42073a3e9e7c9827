package org.vmcore.kernel.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.kernel.oops.CodePlace;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.memory.Finding;

/**
 * A stack that tells of the crash.
 *
 * @param isGuilty whether it is that of the one at fault
 * @param isPanicking whether it is that of the CPU that panicked
 * @param isOfLog whether the log tells it, not the stack in memory: then it has no addresses
 * @param brokenOff why there are no more frames though it doesn't end here
 */
public record CrashStack(
    boolean isGuilty,
    boolean isPanicking,
    Optional<TaskName> task,
    OptionalInt cpu,
    boolean isOfLog,
    List<CrashFrame> frames,
    Optional<Finding> brokenOff) {
  /** An unmodifiable copy of the frames is kept. */
  public CrashStack {
    frames = List.copyOf(frames);
  }

  /** The places of those frames that are certain. */
  List<CodePlace> places() {
    List<CodePlace> places = new ArrayList<>();
    for (CrashFrame frame : frames) {
      if (frame.isReliable() && frame.place().isPresent()) {
        places.add(frame.place().get());
      }
    }
    return places;
  }
}
