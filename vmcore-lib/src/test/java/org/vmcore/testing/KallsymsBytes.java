package org.vmcore.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes kallsyms' tables into a {@link KernelDump}, as scripts/kallsyms.c lays them out: each
 * ASCII character is a token of its own, and those above stand for pairs of characters that are
 * frequent.
 */
public final class KallsymsBytes {
  /** How addresses are kept. */
  public enum Scheme {
    /** kallsyms_addresses, before 4.6 and on some architectures up to 6.x. */
    ABSOLUTE,
    /** CONFIG_KALLSYMS_ABSOLUTE_PERCPU. */
    PERCPU_SIGNED,
    /** CONFIG_KALLSYMS_BASE_RELATIVE alone. */
    BASE_RELATIVE,
    /** Since 7.0. */
    PLACE_RELATIVE
  }

  private static final String[] PAIRS = {"in", "er", "re", "Ts", "ys", "_s", "t_", "__"};
  private static final long TABLES = KernelDump.BASE + 0x8000;

  private record Entry(long address, char type, String name) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Scheme scheme;
  private boolean isAddressesLast;
  private boolean isTight;
  private boolean hasOrder;
  private int markerSize = 4;
  private long numSyms;
  private long names;
  private long tokenTable;
  private long tokenIndex;
  private long addresses;
  private long relativeBase;

  /** Tables of this scheme. */
  public KallsymsBytes(Scheme scheme) {
    this.scheme = scheme;
    this.isAddressesLast = scheme == Scheme.PLACE_RELATIVE;
  }

  /** The addresses stand behind the token index, as they do since 6.5. */
  public KallsymsBytes addressesLast() {
    isAddressesLast = true;
    return this;
  }

  /** Each table begins right behind the one before it, at a multiple of 4, as since 7.0. */
  public KallsymsBytes tight() {
    isTight = true;
    return this;
  }

  /** The markers are words, as before 5.0. */
  public KallsymsBytes wordMarkers() {
    markerSize = 8;
    return this;
  }

  /** kallsyms_seqs_of_names is there, behind the markers or, as since 6.5, behind all else. */
  public KallsymsBytes withOrder() {
    hasOrder = true;
    return this;
  }

  /** A symbol. */
  public KallsymsBytes add(long address, char type, String name) {
    entries.add(new Entry(address, type, name));
    return this;
  }

  /** {@code count} functions of 16 bytes from {@code address} on: {@code function_0000} …. */
  public KallsymsBytes functions(long address, int count) {
    for (int i = 0; i < count; i++) {
      add(address + 16L * i, 't', "function_%04d".formatted(i));
    }
    return this;
  }

  /** Writes the tables, and their addresses into VMCOREINFO. */
  public KernelDump writeTo(KernelDump dump) {
    entries.sort(Comparator.comparing(Entry::address, Long::compareUnsigned));
    long at = isTight ? TABLES + 4 : TABLES;
    at = isAddressesLast ? at : addresses(dump, at);
    numSyms = at;
    dump.u32(at, entries.size());
    names = at + (isTight ? 4 : 8);
    at = names(dump);
    at = isAddressesLast ? at : order(dump, at);
    at = tokens(dump, at);
    if (isAddressesLast) {
      order(dump, addresses(dump, at));
    }
    return tell(dump);
  }

  /** Three bytes for each symbol; which ones nobody asks. */
  private long order(KernelDump dump, long at) {
    for (int i = 0; hasOrder && i < entries.size(); i++) {
      dump.u8(at + 3L * i, 0).u8(at + 3L * i + 1, i >> 8).u8(at + 3L * i + 2, i);
    }
    return hasOrder ? align(at + 3L * entries.size()) : at;
  }

  private long addresses(KernelDump dump, long at) {
    addresses = at;
    int size = scheme == Scheme.ABSOLUTE ? 8 : 4;
    long base =
        entries.stream().mapToLong(Entry::address).filter(each -> each < 0).min().orElseThrow();
    for (int i = 0; i < entries.size(); i++) {
      long address = entries.get(i).address();
      long place = at + (long) size * i;
      switch (scheme) {
        case ABSOLUTE -> dump.u64(place, address);
        case PERCPU_SIGNED -> dump.u32(place, address < 0 ? base - 1 - address : address);
        case BASE_RELATIVE -> dump.u32(place, address - base);
        case PLACE_RELATIVE -> dump.u32(place, address - place);
      }
    }
    long last = at + (long) size * entries.size();
    if (scheme == Scheme.PERCPU_SIGNED || scheme == Scheme.BASE_RELATIVE) {
      relativeBase = last + 7 & -8;
      dump.u64(relativeBase, base);
      return relativeBase + 8;
    }
    return align(last);
  }

  /** The names and behind them the markers. */
  private long names(KernelDump dump) {
    long at = names;
    List<Long> markers = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (i % 256 == 0) {
        markers.add(at - names);
      }
      byte[] name = compressed(entries.get(i).type() + entries.get(i).name());
      if (name.length > 0x7f) {
        dump.u8(at++, 0x80 | (name.length & 0x7f)).u8(at++, name.length >> 7);
      } else {
        dump.u8(at++, name.length);
      }
      dump.bytes(at, name);
      at += name.length;
    }
    at = align(at);
    for (long marker : markers) {
      dump.u32(at, marker);
      at += markerSize;
    }
    return align(at);
  }

  private static byte[] compressed(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < name.length(); i++) {
      int pair = -1;
      for (int p = 0; p < PAIRS.length; p++) {
        pair = name.startsWith(PAIRS[p], i) ? p : pair;
      }
      out.write(pair < 0 ? name.charAt(i) : 0x80 + pair);
      i += pair < 0 ? 0 : 1;
    }
    return out.toByteArray();
  }

  private static String token(int number) {
    return number >= 0x80 && number < 0x80 + PAIRS.length
        ? PAIRS[number - 0x80]
        : String.valueOf(number < 0x21 || number > 0x7e ? '-' : (char) number);
  }

  private long tokens(KernelDump dump, long table) {
    tokenTable = table;
    long at = table;
    int[] index = new int[256];
    for (int i = 0; i < index.length; i++) {
      index[i] = Math.toIntExact(at - table);
      dump.text(at, token(i));
      at += token(i).getBytes(StandardCharsets.UTF_8).length + 1;
    }
    tokenIndex = align(at);
    for (int i = 0; i < index.length; i++) {
      dump.u16(tokenIndex + 2L * i, index[i]);
    }
    return tokenIndex + 2L * index.length;
  }

  private KernelDump tell(KernelDump dump) {
    dump.infoSymbol("kallsyms_names", names).infoSymbol("kallsyms_num_syms", numSyms);
    dump.infoSymbol("kallsyms_token_table", tokenTable);
    dump.infoSymbol("kallsyms_token_index", tokenIndex);
    if (scheme == Scheme.ABSOLUTE) {
      return dump.infoSymbol("kallsyms_addresses", addresses);
    }
    dump.infoSymbol("kallsyms_offsets", addresses);
    return relativeBase == 0 ? dump : dump.infoSymbol("kallsyms_relative_base", relativeBase);
  }

  private long align(long address) {
    return isTight ? address + 3 & -4 : address + 7 & -8;
  }

  /** The address of {@code kallsyms_num_syms}. */
  public long numSyms() {
    return numSyms;
  }

  /** The address of {@code kallsyms_names}. */
  public long names() {
    return names;
  }

  /** The address of {@code kallsyms_token_table}. */
  public long tokenTable() {
    return tokenTable;
  }

  /** The address of {@code kallsyms_token_index}. */
  public long tokenIndex() {
    return tokenIndex;
  }

  /** The address of {@code kallsyms_offsets} or {@code kallsyms_addresses}. */
  public long addresses() {
    return addresses;
  }
}
