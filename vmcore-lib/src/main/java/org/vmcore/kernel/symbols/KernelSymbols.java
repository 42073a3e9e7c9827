package org.vmcore.kernel.symbols;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * All symbols that the kernel itself has, in the order of its table, without an object for each.
 *
 * <p>The names are in one array, as an ELF string table has them: a NUL, then each name with a NUL
 * behind it.
 */
public final class KernelSymbols {
  private static final int FIRST_COUNT = 1 << 12;
  private static final int FIRST_NAMES = 1 << 16;

  private long[] addresses = new long[FIRST_COUNT];
  private byte[] types = new byte[FIRST_COUNT];
  private int[] starts = new int[FIRST_COUNT + 1];
  private byte[] names = new byte[FIRST_NAMES];
  private int count;

  /** A hash table of symbols by name, each as its index + 1; null until one is looked for. */
  private int @Nullable [] byName;

  KernelSymbols() {
    starts[0] = 1;
  }

  /** Adds one whose name is {@code length} of {@code bytes} from {@code from} on. */
  void add(long address, byte type, byte[] bytes, int from, int length) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, 2 * count);
      types = Arrays.copyOf(types, 2 * count);
      starts = Arrays.copyOf(starts, 2 * count + 1);
    }
    int at = starts[count];
    if (names.length - at <= length) {
      names = Arrays.copyOf(names, Math.max(2 * names.length, at + length + 1));
    }
    System.arraycopy(bytes, from, names, at, length);
    addresses[count] = address;
    types[count] = type;
    starts[++count] = at + length + 1;
    if (byName != null) {
      byName = 2 * count > byName.length ? hashed() : hashed(byName, count - 1);
    }
  }

  void add(Symbol symbol) {
    byte[] name = symbol.name().getBytes(StandardCharsets.UTF_8);
    add(symbol.address(), (byte) symbol.type(), name, 0, name.length);
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /**
   * The kernel virtual address of symbol {@code index}, KASLR included; of a per-CPU variable of
   * x86_64 an offset in each CPU's area.
   */
  public long address(int index) {
    return addresses[index];
  }

  /** nm's letter of symbol {@code index}; {@link Symbol#UNKNOWN_TYPE} where nothing tells. */
  public char type(int index) {
    return (char) (types[index] & 0xff);
  }

  /** The name of symbol {@code index}, as the table has it. */
  public String name(int index) {
    return new String(names, starts[index], nameLength(index), StandardCharsets.UTF_8);
  }

  /** All names: a string table of {@link #namesSize} bytes. */
  public byte[] names() {
    return names;
  }

  /** The size of the string table in bytes. */
  public int namesSize() {
    return starts[count];
  }

  /** Where the name of symbol {@code index} begins in {@link #names}. */
  public int nameStart(int index) {
    return starts[index];
  }

  /** How long the name of symbol {@code index} is, in bytes. */
  public int nameLength(int index) {
    return starts[index + 1] - starts[index] - 1;
  }

  /** The first symbol of this name; −1: there is none. */
  public int find(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return find(bytes, 0, bytes.length);
  }

  /** The first symbol whose name is {@code length} of {@code bytes} from {@code from} on, or −1. */
  public synchronized int find(byte[] bytes, int from, int length) {
    int[] table = byName;
    if (table == null) {
      table = hashed();
      byName = table;
    }
    int mask = table.length - 1;
    for (int at = hash(bytes, from, length) & mask; table[at] != 0; at = (at + 1) & mask) {
      if (isName(table[at] - 1, bytes, from, length)) {
        return table[at] - 1;
      }
    }
    return -1;
  }

  private boolean isName(int index, byte[] bytes, int from, int length) {
    int start = starts[index];
    return nameLength(index) == length
        && Arrays.equals(names, start, start + length, bytes, from, from + length);
  }

  private int[] hashed() {
    int[] table = new int[Integer.highestOneBit(Math.max(1, count)) << 2];
    for (int i = 0; i < count; i++) {
      hashed(table, i);
    }
    return table;
  }

  /** Puts symbol {@code index} into {@code table}, unless an earlier one has its name. */
  private int[] hashed(int[] table, int index) {
    int length = nameLength(index);
    int mask = table.length - 1;
    int at = hash(names, starts[index], length) & mask;
    while (table[at] != 0 && !isName(table[at] - 1, names, starts[index], length)) {
      at = (at + 1) & mask;
    }
    table[at] = table[at] == 0 ? index + 1 : table[at];
    return table;
  }

  private static int hash(byte[] bytes, int from, int length) {
    int hash = 0;
    for (int i = from; i < from + length; i++) {
      hash = 31 * hash + bytes[i];
    }
    hash *= 0x9e3779b9;
    return hash ^ hash >>> 16;
  }
}
