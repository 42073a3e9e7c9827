package org.vmcore.kernel.unwind;

/**
 * A stack of the kernel's.
 *
 * @param name for people: {@code task}, {@code IRQ}, {@code NMI}
 * @param start kernel virtual
 * @param end behind its last byte
 */
public record StackRange(String name, long start, long end) {
  /** Whether a stack pointer may have this value: there is a word below it, or it is the top. */
  public boolean holds(long pointer) {
    return Long.compareUnsigned(pointer, start) > 0 && Long.compareUnsigned(pointer, end) <= 0;
  }
}
