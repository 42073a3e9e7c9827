package org.vmcore.debuginfo.dwarf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.vmcore.kernel.btf.TypeRecords;

/**
 * The strings of {@code .debug_str}: those of the table of types, so that an offset there is one
 * here, and behind them those that it lacks.
 */
final class DebugStrings {
  private final TypeRecords types;
  private final byte[] own;
  private final DwarfBuffer added = new DwarfBuffer(false);
  private final Map<String, Integer> places = new HashMap<>();

  DebugStrings(TypeRecords types) {
    this.types = types;
    this.own = terminated(types.strings());
  }

  /** What no name in C has would reach the user's terminal. */
  private static byte[] terminated(byte[] strings) {
    byte[] bytes = Arrays.copyOf(strings, strings.length + 1);
    for (int at = 0; at < strings.length; at++) {
      if (bytes[at] != 0 && (bytes[at] < ' ' || bytes[at] > '~')) {
        bytes[at] = '?';
      }
    }
    return bytes;
  }

  /**
   * Where the string is that the table of types has at {@code offset}; empty where there is none.
   */
  int of(int offset) {
    int place = types.ownString(offset);
    if (place >= 0 && place < own.length) {
      return place;
    }
    String text = types.string(offset);
    return text.isEmpty() ? own.length - 1 : of(text);
  }

  /** Whether there is nothing at {@code place}. */
  boolean isEmpty(int place) {
    return place < own.length && own[place] == 0;
  }

  /** Where {@code text} is. */
  int of(String text) {
    Integer known = places.get(text);
    if (known != null) {
      return known;
    }
    int place = own.length + added.size();
    added.string(printable(text));
    places.put(text, place);
    return place;
  }

  private static String printable(String text) {
    StringBuilder all = new StringBuilder(text);
    for (int i = 0; i < all.length(); i++) {
      if (all.charAt(i) < ' ' || all.charAt(i) > '~') {
        all.setCharAt(i, '?');
      }
    }
    return all.toString();
  }

  ByteBuffer toBuffer() {
    byte[] more = added.toArray();
    byte[] all = Arrays.copyOf(own, own.length + more.length);
    System.arraycopy(more, 0, all, own.length, more.length);
    return ByteBuffer.wrap(all);
  }
}
