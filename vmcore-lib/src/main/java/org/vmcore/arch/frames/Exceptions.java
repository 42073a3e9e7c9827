package org.vmcore.arch.frames;

import java.util.List;
import java.util.Optional;

/**
 * How the registers of what an exception interrupted, struct pt_regs, are found on a stack.
 *
 * @param markers words that stand in an exception's frame, the first that is found counts
 * @param behindLast how far behind a frame that no other follows they lie, where they do
 * @param handlers functions whose frame they are, in the place of a frame of their own
 * @param ends functions at which a stack ends: nothing called them
 * @param isUserAtTop whether those of user space lie at the top of a task's stack
 * @param embedded the frame that they have in them, where they do
 */
public record Exceptions(
    List<Marker> markers,
    Optional<Place> behindLast,
    List<String> handlers,
    List<String> ends,
    boolean isUserAtTop,
    Optional<Embedded> embedded) {
  /**
   * A word that marks an exception's frame.
   *
   * @param at where it stands in the frame
   * @param registers where in the frame struct pt_regs begins
   */
  public record Marker(long value, long at, long registers) {}

  /**
   * A frame in struct pt_regs that leads to where it was interrupted, as the registers do. That of
   * user space's registers is zeros, and the last one.
   *
   * @param at where in struct pt_regs it lies
   * @param kind where, from it on, a word tells what it is if it is zeros
   * @param interrupted that word where it isn't the last one
   */
  public record Embedded(Place at, long kind, long interrupted) {}

  /** Registers in frames that have a marker. */
  public static Exceptions marked(List<Marker> markers, List<String> ends) {
    return new Exceptions(
        List.copyOf(markers), Optional.empty(), List.of(), ends, false, Optional.empty());
  }

  /** Registers behind a frame that no other follows. */
  public static Exceptions behindLast(Place place) {
    return new Exceptions(
        List.of(), Optional.of(place), List.of(), List.of(), false, Optional.empty());
  }

  /** Registers in the place of the frames of {@code handlers}. */
  public static Exceptions handledBy(List<String> handlers, List<String> ends) {
    return new Exceptions(List.of(), Optional.empty(), handlers, ends, true, Optional.empty());
  }

  /** Registers that have a frame in them. */
  public static Exceptions around(Embedded frame) {
    return new Exceptions(
        List.of(), Optional.empty(), List.of(), List.of(), false, Optional.of(frame));
  }
}
