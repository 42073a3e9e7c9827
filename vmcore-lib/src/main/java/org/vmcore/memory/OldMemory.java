package org.vmcore.memory;

/**
 * The crashed kernel's memory: the address space that the crash headers' {@code p_offset} point
 * into. It reads what is {@link PageState#PRESENT} and nothing else.
 */
public interface OldMemory extends Memory {
  /**
   * Whether the memory is a running machine's: then what is to be copied once is copied when the
   * dump is opened, not when it is first asked for.
   */
  default boolean isLive() {
    return false;
  }
}
