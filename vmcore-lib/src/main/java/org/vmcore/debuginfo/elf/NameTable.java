package org.vmcore.debuginfo.elf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.vmcore.kernel.symbols.KernelSymbols;

/**
 * The names of a file's symbols, each once, as an ELF string table. A name that another one ends
 * with, behind an underscore, has its place in there: {@code panic} in {@code __pfx_panic}.
 */
final class NameTable {
  /** How many of a name's ends are looked for: a hostile one may be of underscores alone. */
  private static final int MOST_ENDS = 8;

  private final KernelSymbols symbols;
  private final int[] starts;

  /** Where names begin that aren't the kernel's. */
  private final Map<String, Integer> others = new HashMap<>();

  private byte[] bytes;
  private int size = 1;

  private NameTable(KernelSymbols symbols) {
    this.symbols = symbols;
    this.starts = new int[symbols.count()];
    this.bytes = new byte[symbols.namesSize()];
  }

  /** The names of those that {@code places} gives a section. */
  static NameTable of(KernelSymbols symbols, SymbolPlaces places) {
    NameTable table = new NameTable(symbols);
    for (int index : longestFirst(symbols)) {
      if (places.section(index) != SymbolPlaces.NONE) {
        table.place(index);
      }
    }
    return table;
  }

  /** All symbols, so that each comes behind those whose names may end with its own. */
  private static int[] longestFirst(KernelSymbols symbols) {
    int longest = 0;
    for (int i = 0; i < symbols.count(); i++) {
      longest = Math.max(longest, symbols.nameLength(i));
    }
    int[] next = new int[longest + 2];
    for (int i = 0; i < symbols.count(); i++) {
      next[longest - symbols.nameLength(i) + 1]++;
    }
    Arrays.parallelPrefix(next, Integer::sum);
    int[] sorted = new int[symbols.count()];
    for (int i = 0; i < symbols.count(); i++) {
      sorted[next[longest - symbols.nameLength(i)]++] = i;
    }
    return sorted;
  }

  private void place(int index) {
    byte[] names = symbols.names();
    int from = symbols.nameStart(index);
    int length = symbols.nameLength(index);
    int first = symbols.find(names, from, length);
    if (starts[first] == 0) {
      starts[first] = append(names, from, length);
    }
    starts[index] = starts[first];
    int ends = 0;
    for (int at = 1; at < length && ends < MOST_ENDS; at++) {
      if (names[from + at - 1] == '_') {
        ends++;
        int same = symbols.find(names, from + at, length - at);
        if (same >= 0 && starts[same] == 0) {
          starts[same] = starts[index] + at;
        }
      }
    }
  }

  private int append(byte[] names, int from, int length) {
    int at = size;
    System.arraycopy(names, from, bytes, at, length);
    size += length + 1;
    return at;
  }

  /** st_name of symbol {@code index}. */
  int start(int index) {
    return starts[index];
  }

  /** st_name of a symbol of a module, which shares the name of one of the kernel's. */
  int start(String name) {
    int same = symbols.find(name);
    return same >= 0 && starts[same] != 0
        ? starts[same]
        : others.computeIfAbsent(name, this::append);
  }

  private int append(String name) {
    byte[] text = name.getBytes(StandardCharsets.US_ASCII);
    int needed = size + text.length + 1;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length + bytes.length / 4));
    }
    return append(text, 0, text.length);
  }

  /** What is in the section. */
  ByteBuffer bytes() {
    return ByteBuffer.wrap(bytes, 0, size).slice();
  }
}
