package org.vmcore.kernel.objects;

import java.util.Optional;

/**
 * A value as C has it, in text.
 *
 * @param text {@code 17}, {@code PIDTYPE_TGID}, {@code "swapper/0"}, {@code 0xffffffff82a0c2c0};
 *     {@code ?} where it can't be read
 * @param symbol where a pointer leads, as far as a symbol tells: {@code init_task+0x10}
 * @param target the text that a pointer to characters leads to, in quotes
 * @param missing why it can't be read
 * @param isLost whether it should be in the dump and isn't
 */
public record Value(
    String text,
    Optional<String> symbol,
    Optional<String> target,
    Optional<String> missing,
    boolean isLost) {
  static Value of(String text) {
    return new Value(text, Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  /** One that isn't there. */
  public static Value missing(String reason, boolean isLost) {
    return new Value("?", Optional.empty(), Optional.empty(), Optional.of(reason), isLost);
  }
}
