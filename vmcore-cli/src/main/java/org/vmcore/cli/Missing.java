package org.vmcore.cli;

import org.vmcore.memory.PageState;

/** How many bytes were asked for and can't be had. */
final class Missing {
  private final Tally bytes = new Tally();

  void add(PageState state, long size) {
    bytes.add(state, size);
  }

  long of(PageState state) {
    return bytes.of(state);
  }

  /** {@link ExitStatus#DAMAGED} when bytes were lost. */
  int exitStatus() {
    return of(PageState.LOST) > 0 ? ExitStatus.DAMAGED : ExitStatus.OK;
  }

  /** One line for each kind of missing bytes, all of them written as zeros. */
  void say(Console console, String file) {
    sayZeros(console, file);
    sayLost(console, file, "zeros");
  }

  /** One line for each kind of missing bytes that are no loss. */
  void sayZeros(Console console, String file) {
    say(console, file, PageState.EXCLUDED, "excluded from the dump", "zeros");
    say(console, file, PageState.NOT_RAM, "not RAM", "zeros");
  }

  /** A line of the lost bytes, if there are any. */
  void sayLost(Console console, String file, String shown) {
    say(console, file, PageState.LOST, "lost", shown);
  }

  private void say(Console console, String file, PageState state, String why, String shown) {
    if (of(state) > 0) {
      console.say(file, HumanSize.bytes(of(state)) + " " + why + ": written as " + shown);
    }
  }
}
