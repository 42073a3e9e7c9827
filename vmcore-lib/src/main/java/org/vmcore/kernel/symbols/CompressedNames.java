package org.vmcore.kernel.symbols;

import java.util.Optional;
import java.util.function.Consumer;
import org.vmcore.kernel.names.NamePattern;
import org.vmcore.kernel.names.SymbolGaps;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.kernel.reading.Window;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * The names in {@code kallsyms_names}: each a length and that many tokens.
 *
 * <p>The place of every 256th name that was passed is kept, as {@code kallsyms_markers} does.
 */
final class CompressedNames {
  private static final int PIECE = 1 << 16;
  private static final int MARKED = 8; // every 2^8th

  /** What a name takes at most, in bytes. */
  private static final int MAX_SIZE = 2 + 0x7fff;

  private final KernelReader in;
  private final int count;
  private final Tokens tokens;
  private final long[] markers;

  /** How many markers are known. */
  private int marked = 1;

  /** Why the names can be read only in part. */
  private Optional<Finding> gap = Optional.empty();

  CompressedNames(KernelReader in, long start, int count, Tokens tokens) {
    this.in = in;
    this.count = count;
    this.tokens = tokens;
    this.markers = new long[(count >> MARKED) + 1];
    markers[0] = start;
  }

  /** Is told of names in the table's order. */
  interface Names {
    /**
     * Symbol {@code index} has a wanted name.
     *
     * @param name the type, and behind it the name
     * @return whether the walk goes on
     */
    boolean name(int index, byte[] name, int length) throws VmcoreException;
  }

  /** Goes over the names from the {@code first} on, until one can't be read. */
  void walk(int first, NamePattern pattern, Names out) throws VmcoreException {
    walk(first, (bytes, at, size, name) -> tokens.expand(bytes, at, size, pattern, name), out);
  }

  /** Goes over all names that may be known ones, until one can't be read. */
  void walk(KnownNames known) throws VmcoreException {
    walk(0, (bytes, at, size, name) -> tokens.expand(bytes, at, size, known, name), known);
  }

  /** Expands a name that is wanted. */
  private interface Expansion {
    /** How long it is; −1 when it isn't wanted. */
    int expand(byte[] bytes, int at, int size, byte[] name);
  }

  private synchronized void walk(int first, Expansion wanted, Names out) throws VmcoreException {
    int index = Math.min(first >> MARKED, marked - 1) << MARKED;
    long at = markers[index >> MARKED];
    Window window = new Window(in.memory(), PIECE);
    byte[] bytes = window.bytes();
    byte[] name = new byte[Tokens.MAX_NAME];
    for (; index < count; index++) {
      mark(index, at);
      int place = window.at(at, 1);
      int head = 1;
      int size = place < 0 ? 0 : bytes[place] & 0xff;
      if (size > 0x7f) { // since 6.1: seven bits, and the higher ones in the next byte
        place = window.at(at, 2);
        size = place < 0 ? 0 : (size & 0x7f) | (bytes[place + 1] & 0xff) << 7;
        head = 2;
      }
      place = place < 0 ? place : window.at(at, head + size);
      if (place < 0) {
        gap = Optional.of(gap(index, at));
        return;
      }
      if (index >= first) {
        int length = wanted.expand(bytes, place + head, size, name);
        if (length > 0 && !out.name(index, name, length)) {
          return;
        }
      }
      at += head + size;
    }
  }

  private void mark(int index, long at) {
    if (index == marked << MARKED) {
      markers[marked++] = at;
    }
  }

  /** Name {@code index} is the first that can't be read. */
  private Finding gap(int index, long at) throws VmcoreException {
    Unreadable why = in.unreadable(at + in.upTo(at, MAX_SIZE).length, "kallsyms_names");
    String names = ": only " + index + " of " + count + " names can be read";
    return SymbolGaps.of(why.state(), why.reason() + names);
  }

  /** Whether all that was asked for so far could be read. */
  boolean isWhole() {
    return gap.isEmpty() && tokens.damaged() == 0;
  }

  void gaps(Consumer<Finding> out) {
    gap.ifPresent(out);
    if (tokens.damaged() > 0) {
      out.accept(
          SymbolGaps.of(
              PageState.PRESENT,
              "kallsyms_token_table: "
                  + tokens.damaged()
                  + " of 256 tokens are damaged: names with them are left out"));
    }
  }
}
