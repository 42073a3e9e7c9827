package org.vmcore.arch.frames;

/**
 * How registers tell that they are user space's.
 *
 * @param register the one with the CPU's mode
 * @param mask its bits that tell
 * @param isSet whether they are set in user space; else one of them is set in the kernel
 */
public record UserMode(String register, long mask, boolean isSet) {
  /** Whether {@code value} of the register is user space's. */
  public boolean isUser(long value) {
    return ((value & mask) != 0) == isSet;
  }
}
