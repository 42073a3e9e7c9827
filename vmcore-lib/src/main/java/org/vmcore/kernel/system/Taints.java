package org.vmcore.kernel.system;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.values.Described;

/**
 * What taints a kernel, bits of {@code tainted_mask}.
 *
 * <p>Source: Documentation/admin-guide/tainted-kernels.rst, include/linux/panic.h.
 *
 * @param mask bit n is TAINT_ number n
 */
public record Taints(long mask) {
  private static final String[] MEANINGS = {
    "P: a proprietary module was loaded",
    "F: a module was loaded by force",
    "S: the kernel runs on a processor or system that is out of its specification",
    "R: a module was unloaded by force",
    "M: the processor reported a machine check",
    "B: a bad page was referenced, or unexpected page flags were met",
    "U: user space asked for it",
    "D: the kernel died before: an oops or a BUG",
    "A: an ACPI table was overridden",
    "W: the kernel warned",
    "C: a module of the staging drivers was loaded",
    "I: a firmware's bug was worked around",
    "O: a module built outside of the kernel's tree was loaded",
    "E: a module without a signature was loaded",
    "L: a soft lockup occurred",
    "K: the kernel was patched live",
    "X: a distribution's own taint",
    "T: the kernel was built with a randomized layout of structures",
    "N: a test ran in the kernel",
    "J: user space used a mutating debug operation of fwctl"
  };

  /** The letters as an oops has them, without those that stand for no taint: {@code OE}. */
  public String letters() {
    StringBuilder letters = new StringBuilder();
    for (int bit = 0; bit < Long.SIZE; bit++) {
      if (has(bit)) {
        letters.append(bit < MEANINGS.length ? MEANINGS[bit].charAt(0) : '?');
      }
    }
    return letters.toString();
  }

  private boolean has(int bit) {
    return (mask >>> bit & 1) != 0;
  }

  /** What each of them means, a line that begins with its letter. */
  public List<String> meanings() {
    List<String> meanings = new ArrayList<>();
    for (int bit = 0; bit < MEANINGS.length; bit++) {
      if (has(bit)) {
        meanings.add(MEANINGS[bit]);
      }
    }
    return meanings;
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Taints").hex("mask", mask).toString();
  }
}
