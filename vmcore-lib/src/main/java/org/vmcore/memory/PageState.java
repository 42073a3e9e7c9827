package org.vmcore.memory;

/** What is known of a byte of the crashed kernel's memory. */
public enum PageState {
  /** It is in the dump. */
  PRESENT,
  /** It was left out when the dump was made: zero, cache, user or free pages, as asked for. */
  EXCLUDED,
  /** It should be in the dump and isn't: truncated, damaged, or the disk was full. */
  LOST,
  /** There is no RAM at this address. */
  NOT_RAM;

  /** The state's name in JSON and in tables: {@code not_ram}. */
  public String label() {
    return switch (this) {
      case PRESENT -> "present";
      case EXCLUDED -> "excluded";
      case LOST -> "lost";
      case NOT_RAM -> "not_ram";
    };
  }
}
