package org.vmcore.cli.output;

/** The choice of tools that look at the terminal. */
public enum When {
  AUTO,
  ALWAYS,
  NEVER;

  @Override
  public String toString() {
    return switch (this) {
      case AUTO -> "auto";
      case ALWAYS -> "always";
      case NEVER -> "never";
    };
  }
}
