package org.vmcore.cli.help;

import java.util.Collections;
import java.util.Iterator;

/** Values that shells can't offer without asking vmcore for them. */
public enum Names implements Iterable<String> {
  /** Of symbols of the dump on the command line. */
  SYMBOLS,
  /** Of types of that dump's kernel. */
  TYPES,
  /** Of commands. */
  COMMANDS;

  /** As the command line has it: {@code symbols}. */
  @Override
  public String toString() {
    return switch (this) {
      case SYMBOLS -> "symbols";
      case TYPES -> "types";
      case COMMANDS -> "commands";
    };
  }

  /** None: they aren't known here. */
  @Override
  public Iterator<String> iterator() {
    return Collections.emptyIterator();
  }
}
