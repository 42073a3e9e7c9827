package org.vmcore.kernel.btf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names of a table's types, hashed: made in one pass over them. */
final class BtfNames {
  /** Of functions and variables there are most, and they are looked for by their address. */
  private static final int KINDS =
      1 << BtfKind.INT
          | 1 << BtfKind.FLOAT
          | 1 << BtfKind.STRUCT
          | 1 << BtfKind.UNION
          | 1 << BtfKind.ENUM
          | 1 << BtfKind.ENUM64
          | 1 << BtfKind.TYPEDEF
          | 1 << BtfKind.FWD;

  /** How far from its own slot a name is put. */
  private static final int MAX_TRIED = 1 << 10;

  private static final int BLOCK = 32;

  private final Btf types;

  /** Indexes of types plus 1; 0 where the slot is free. */
  private final int[] slots;

  private BtfNames(Btf types, int[] slots) {
    this.types = types;
    this.slots = slots;
  }

  static BtfNames of(Btf types) {
    int named = types.count(KINDS);
    int[] slots = new int[Integer.highestOneBit(Math.max(named, 1)) * 4];
    BtfNames names = new BtfNames(types, slots);
    for (int from = 0; from < types.count(); from += BLOCK) {
      names.putAll(from, Math.min(from + BLOCK, types.count()));
    }
    return names;
  }

  /** Few at once: a method that is called often is compiled soon. */
  private void putAll(int from, int to) {
    for (int index = from; index < to; index++) {
      if (isNamed(types, index)) {
        put(types.hash(types.nameAt(index)), index);
      }
    }
  }

  /** Whether the {@code index}th type is looked for by its name. */
  static boolean isNamed(Btf types, int index) {
    return (1 << types.kindAt(index) & KINDS) != 0 && types.nameAt(index) != 0;
  }

  /** The names in {@code table} that begin with {@code start}, sorted. */
  static List<String> beginningWith(Btf table, String start) {
    Set<String> names = new TreeSet<>();
    for (int index = 0; index < table.count(); index++) {
      if (isNamed(table, index)) {
        String name = table.string(table.nameAt(index));
        if (name.startsWith(start)) {
          names.add(name);
        }
      }
    }
    return List.copyOf(names);
  }

  private int slot(int hash) {
    return (hash ^ hash >>> 15) & slots.length - 1;
  }

  /** What has the name of many others isn't found by it. */
  private void put(int hash, int index) {
    int slot = slot(hash);
    for (int tried = 0; slots[slot] != 0 && tried < MAX_TRIED; tried++) {
      slot = slot + 1 & slots.length - 1;
    }
    if (slots[slot] == 0) {
      slots[slot] = index + 1;
    }
  }

  /** As {@link Btf#hash} makes it of a string in the table. */
  static int hash(String name) {
    int hash = 0;
    for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
      hash = 31 * hash + each;
    }
    return hash;
  }

  /** The first type of this name and one of these kinds; −1 when there is none. */
  int find(String name, int kinds) {
    int hash = hash(name);
    int slot = slot(hash);
    for (int tried = 0; slots[slot] != 0 && tried <= MAX_TRIED; tried++) {
      int index = slots[slot] - 1;
      if ((1 << types.kindAt(index) & kinds) != 0
          && types.hash(types.nameAt(index)) == hash
          && types.string(types.nameAt(index)).equals(name)) {
        return index;
      }
      slot = slot + 1 & slots.length - 1;
    }
    return -1;
  }
}
