package org.vmcore.cli.bytes;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Memory;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/** How many bytes were asked for and can't be had, and why the first lost one is. */
public final class Missing {
  /** What is known to be nowhere in physical memory. */
  public static final String NOT_RAM = "not RAM";

  /** What is known to be nowhere in virtual memory. */
  public static final String NOT_MAPPED = "not mapped";

  private final Tally bytes = new Tally();
  private Optional<Finding> reason = Optional.empty();

  /** What {@code missing} counts. */
  public static Missing of(org.vmcore.memory.Missing missing) {
    Missing counted = new Missing();
    counted.add(missing);
    return counted;
  }

  /** Counts what {@code missing} does. */
  public void add(org.vmcore.memory.Missing missing) {
    reason = of(PageState.LOST) == 0 ? missing.loss() : reason;
    for (PageState state : PageState.values()) {
      bytes.add(state, missing.of(state));
    }
  }

  /** Counts a part of {@code memory}. */
  public void add(Memory memory, Extent extent) throws VmcoreException {
    if (extent.state() == PageState.LOST && of(PageState.LOST) == 0) {
      reason = memory.lossAt(extent.start());
    }
    bytes.add(extent.state(), extent.size());
  }

  public long of(PageState state) {
    return bytes.of(state);
  }

  /** {@link ExitStatus#DAMAGED} when bytes were lost. */
  public int exitStatus() {
    return of(PageState.LOST) > 0 ? ExitStatus.DAMAGED : ExitStatus.OK;
  }

  /** Why the first lost byte is, with a space in front and in brackets; nothing when unknown. */
  public String reason() {
    return reason.map(each -> " (" + where(each.offset()) + each.message() + ")").orElse("");
  }

  private static String where(OptionalLong offset) {
    return offset.isEmpty() ? "" : "offset " + Hex.of(offset.getAsLong()) + ": ";
  }

  /**
   * One line for each kind of missing bytes, all of them written as zeros.
   *
   * @param absent what those are that are known to be nowhere: {@code not RAM}
   */
  public void say(Console console, String file, String absent) {
    sayZeros(console, file, absent);
    sayLost(console, file, ": written as zeros");
  }

  /** One line for each kind of missing bytes that are no loss. */
  public void sayZeros(Console console, String file) {
    sayZeros(console, file, NOT_RAM);
  }

  private void sayZeros(Console console, String file, String absent) {
    say(console, file, PageState.EXCLUDED, " excluded from the dump: written as zeros");
    say(console, file, PageState.NOT_RAM, " " + absent + ": written as zeros");
  }

  /** A line of the lost bytes, if there are any; {@code shown} is what became of them. */
  public void sayLost(Console console, String file, String shown) {
    say(console, file, PageState.LOST, " lost" + shown + reason());
  }

  private void say(Console console, String file, PageState state, String what) {
    if (of(state) > 0) {
      console.say(file, HumanSize.bytes(of(state)) + what);
    }
  }
}
