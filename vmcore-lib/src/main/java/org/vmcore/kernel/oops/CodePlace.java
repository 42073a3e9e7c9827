package org.vmcore.kernel.oops;

import java.util.Optional;
import org.vmcore.values.Hex;

/**
 * A place in code as the log names it: {@code fx_null_leaf+0xf/0x20 [fxcrash]}.
 *
 * @param symbol the function's name
 * @param offset in it, in bytes
 * @param size the function's, in bytes
 * @param module whose function it is; empty for the kernel itself
 */
public record CodePlace(String symbol, long offset, long size, Optional<String> module) {
  private static final int MOST = 512;

  /**
   * The place that the word at {@code from} of {@code text} tells, and behind it the module, with
   * its build ID where the kernel prints these.
   */
  static Optional<CodePlace> at(String text, int from) {
    int end = Text.wordEnd(text, from);
    int plus = text.indexOf('+', from);
    int slash = text.indexOf('/', from);
    if (plus <= from || slash < plus || slash > end || end - from > MOST) {
      return Optional.empty();
    }
    long offset = Text.hex(text, plus + 1, slash);
    long size = Text.hex(text, slash + 1, end);
    return offset < 0 || size < 0
        ? Optional.empty()
        : Optional.of(new CodePlace(text.substring(from, plus), offset, size, module(text, end)));
  }

  private static Optional<String> module(String text, int end) {
    int open = Text.skipBlanks(text, end);
    if (open >= text.length() || text.charAt(open) != '[') {
      return Optional.empty();
    }
    int close = text.indexOf(']', open);
    int name = Math.min(Text.wordEnd(text, open + 1), close < 0 ? text.length() : close);
    return name == open + 1 ? Optional.empty() : Optional.of(text.substring(open + 1, name));
  }

  /** Whether the function takes the kernel down, or tells of it, and so isn't where it crashed. */
  public boolean isOfDying() {
    return Plumbing.isDying(Plumbing.name(symbol));
  }

  @Override
  public String toString() {
    String place = symbol + "+" + Hex.of(offset);
    return module.isEmpty() ? place : place + " [" + module.get() + "]";
  }
}
