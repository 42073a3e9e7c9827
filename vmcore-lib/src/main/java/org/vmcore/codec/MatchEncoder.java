package org.vmcore.codec;

/**
 * What the fast LZ77 encoders share: of all places that may match, the one that was seen last is
 * looked at, and where nothing matches the search goes faster.
 *
 * <p>The outcome is made where there is room for all that may come of it, so that no instruction
 * has to ask; then it is copied. The search is a loop of its own, and what is done with a match a
 * call: in one method the compiler has too few registers for either. So {@link #sequence} is
 * written out at length: a method of more than 325 bytecodes isn't inlined.
 */
abstract class MatchEncoder implements Encoder {
  /** Literals up to which as many bytes are copied in their stead. */
  static final int FEW = 16;

  /** Bytes that the search may look at from a place on. */
  private static final int AHEAD = 12;

  private final int firstLiterals;
  private final int farthest;
  private final Window window = new Window();

  /** Where the outcome is made. */
  byte[] target = new byte[0];

  /** Where in {@link #target} the next instruction belongs. */
  int out;

  /**
   * An encoder.
   *
   * @param firstLiterals how many literals there are in front of the first match
   * @param farthest how far back a match may be
   */
  MatchEncoder(int firstLiterals, int farthest) {
    this.firstLiterals = firstLiterals;
    this.farthest = farthest;
  }

  /** Writes what begins a block of {@code size} bytes. */
  abstract void begin(int size);

  /**
   * Writes literals and the match behind them. Up to 16 bytes behind the literals may be read, and
   * as many behind the outcome be written.
   *
   * @param bytes what is compressed
   * @param from where the literals begin
   * @param at where they end, and the match begins
   * @param distance how far back there are the same bytes, at least 4
   * @param difference what the next 8 bytes differ in from those, the first in the lowest bits
   * @param end of {@code bytes}
   * @return the match's end
   */
  abstract int sequence(byte[] bytes, int from, int at, int distance, long difference, int end);

  /** Writes the last literals, which there may be none of, and what ends a block. */
  abstract void end(byte[] bytes, int from, int size);

  @Override
  public final int encode(
      byte[] source, int offset, int length, byte[] target, int targetOffset, int most) {
    // What costs the most is a match of 4 bytes behind 19 literals of LZO1X: one of 23 bytes.
    int bound = length + length / 16 + 64;
    if (this.target.length < bound) {
      this.target = new byte[bound];
    }
    window.take(source, offset, length);
    out = 0;
    begin(length);
    encode(window.bytes, window.table, length);
    if (out > most) {
      return 0;
    }
    System.arraycopy(this.target, 0, target, targetOffset, out);
    return out;
  }

  private void encode(byte[] bytes, int[] table, int end) {
    final int last = end - AHEAD;
    int literalsFrom = 0;
    int at = firstLiterals;
    int step = 2;
    while (at <= last) {
      // Four places in a row, of one load.
      long word = Copy.load(bytes, at);
      int slot = Window.slot((int) word);
      int from = table[slot];
      table[slot] = at;
      if ((int) word != Copy.loadInt(bytes, from)) {
        at++;
        word >>>= 8;
        slot = Window.slot((int) word);
        from = table[slot];
        table[slot] = at;
        if ((int) word != Copy.loadInt(bytes, from)) {
          at++;
          word >>>= 8;
          slot = Window.slot((int) word);
          from = table[slot];
          table[slot] = at;
          if ((int) word != Copy.loadInt(bytes, from)) {
            at++;
            word >>>= 8;
            slot = Window.slot((int) word);
            from = table[slot];
            table[slot] = at;
            if ((int) word != Copy.loadInt(bytes, from)) {
              at += step++ >>> 1;
              continue;
            }
          }
        }
      }
      if (at - from > farthest) {
        at++;
        continue;
      }
      long difference = Copy.load(bytes, at) ^ Copy.load(bytes, from);
      at = sequence(bytes, literalsFrom, at, at - from, difference, end);
      literalsFrom = at;
      step = 2;
    }
    end(bytes, literalsFrom, end - literalsFrom);
  }
}
