package org.vmcore.kernel;

import java.util.function.Consumer;
import org.vmcore.io.VmcoreException;
import org.vmcore.memory.Memory;

/**
 * The names in {@code kallsyms_names}: each a length and that many tokens.
 *
 * <p>The place of every 256th name that was passed is kept, as {@code kallsyms_markers} does.
 */
final class CompressedNames {
  private static final int PIECE = 1 << 16;
  private static final int MARKED = 8; // every 2^8th

  private final Memory memory;
  private final int count;
  private final Tokens tokens;
  private final long[] markers;

  /** How many markers are known. */
  private int marked = 1;

  /** How many names can be read, as far as that is known. */
  private int readable;

  CompressedNames(Memory memory, long start, int count, Tokens tokens) {
    this.memory = memory;
    this.count = count;
    this.tokens = tokens;
    this.readable = count;
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
  synchronized void walk(int first, NamePattern pattern, Names out) throws VmcoreException {
    int index = Math.min(first >> MARKED, marked - 1) << MARKED;
    long at = markers[index >> MARKED];
    Window window = new Window(memory, PIECE);
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
        readable = index;
        return;
      }
      if (index >= first) {
        int length = tokens.expand(bytes, place + head, size, pattern, name);
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

  void gaps(Consumer<String> out) {
    if (readable < count) {
      out.accept("kallsyms_names: only " + readable + " of " + count + " names can be read");
    }
  }
}
