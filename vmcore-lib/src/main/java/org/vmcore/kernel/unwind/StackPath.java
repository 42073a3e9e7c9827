package org.vmcore.kernel.unwind;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmcore.values.Hex;

/**
 * The way of a stack pointer from one frame to its caller: up through a stack, and from one stack
 * to another, but to each only once. So it ends, whatever memory holds.
 */
public final class StackPath {
  private final List<StackRange> left = new ArrayList<>();
  private final List<StackRange> ahead;
  private @Nullable StackRange current;
  private long pointer;

  /**
   * A way that begins at {@code pointer}, which may lie in none of the stacks: below one that
   * overflowed.
   */
  StackPath(List<StackRange> stacks, long pointer) {
    this.ahead = new ArrayList<>(stacks);
    this.pointer = pointer;
    this.current = take(pointer);
  }

  private @Nullable StackRange take(long to) {
    for (int i = 0; i < ahead.size(); i++) {
      if (ahead.get(i).holds(to)) {
        return ahead.remove(i);
      }
    }
    return null;
  }

  /** Whether all {@code size} bytes from {@code start} on lie in the stack where it is now. */
  boolean hasRoom(long start, long size) {
    StackRange at = current;
    return at != null
        && start - at.start() >= 0
        && size <= at.end() - at.start()
        && start - at.start() <= at.end() - at.start() - size;
  }

  /** Goes on to {@code to}; the same place again is no way. */
  void moveTo(long to) throws BrokenStack {
    StackRange at = current;
    if (at != null && at.holds(to)) {
      if (Long.compareUnsigned(to, pointer) <= 0) {
        throw new BrokenStack("the stack leads back from " + Hex.of(pointer) + " to " + Hex.of(to));
      }
    } else {
      leave(at, to);
    }
    pointer = to;
  }

  private void leave(@Nullable StackRange from, long to) throws BrokenStack {
    StackRange next = take(to);
    if (next == null) {
      throw new BrokenStack(
          "the stack leads from " + Hex.of(pointer) + " to " + Hex.of(to) + ", " + where(to));
    }
    if (from != null) {
      left.add(from);
    }
    current = next;
  }

  private String where(long to) {
    for (StackRange range : left) {
      if (range.holds(to)) {
        return "in the " + range.name() + " stack, which was left before";
      }
    }
    return "which is in no stack";
  }
}
