package org.vmcore.kernel;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.Kernel.Range;
import org.vmcore.memory.Extent;
import org.vmcore.memory.VmcoreException;

/**
 * Finds kallsyms' tables in the kernel's memory, where VMCOREINFO doesn't tell of them: before 6.0,
 * or without it.
 *
 * <p>{@code kallsyms_token_index} is 256 ascending numbers, the first of them 0, right behind the
 * {@code kallsyms_token_table} whose strings they count. In front of that are the markers, behind
 * which 6.1 to 6.4 have the order of names; in front of the markers the names, then their count.
 * The addresses are in front of that or, since 6.5, behind the index. Each table begins at a
 * multiple of a word or, since 7.0, of 4 bytes. Source: {@code write_src} of scripts/kallsyms.c.
 */
final class KallsymsSearch {
  private static final int PIECE = 1 << 20;
  private static final int INDEX_SIZE = 2 * Tokens.COUNT;
  private static final int ALIGNMENT = 4;

  /** What fills up a table is less, in bytes. */
  private static final int FILL = 8;

  /** The last token and what fills up to the index. */
  private static final int MAX_LAST = 256;

  /** Names, markers and order that are tried at first, in bytes. */
  private static final int NAMES = 4 << 20;

  /** Those of the largest kernels take 10 MiB. */
  private static final int MAX_NAMES = 16 << 20;

  private static final int SPAN = 256; // names from marker to marker

  /** What 256 names take at least and at most, in bytes. */
  private static final int LEAST_SPAN = 2 * SPAN;

  private static final int MOST_SPAN = 512 * SPAN;

  /** A dump made to be searched for long ends the search. */
  private static final long MAX_STEPS = 1L << 28;

  private final Reader in;
  private long steps;

  private KallsymsSearch(Reader in) {
    this.in = in;
  }

  /** The tables in the first of {@code ranges} that has some. */
  static Optional<KallsymsTables> search(Reader in, List<Range> ranges) throws VmcoreException {
    KallsymsSearch search = new KallsymsSearch(in);
    for (Range range : ranges) {
      Optional<KallsymsTables> found = search.in(range.start(), range.size());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private Optional<KallsymsTables> in(long start, long size) throws VmcoreException {
    Window window = new Window(in.memory(), PIECE);
    for (long done = -start & (ALIGNMENT - 1); done >= 0 && done < size && steps < MAX_STEPS; ) {
      long address = start + done;
      int place = window.at(address, INDEX_SIZE);
      if (place < 0) {
        Extent extent = in.memory().extentAt(address);
        long hole = extent.isPresent() ? ALIGNMENT : extent.sizeFrom(address);
        done += (hole + ALIGNMENT - 1) & -ALIGNMENT;
        continue;
      }
      int length = (int) Math.min(window.left(place), size - done) & -ALIGNMENT;
      int last = place + length - INDEX_SIZE;
      for (int at = place; at <= last && steps < MAX_STEPS; at += ALIGNMENT) {
        if (isIndex(window.bytes(), at)) {
          Optional<KallsymsTables> found = at(address + at - place);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      done += Math.max(length - INDEX_SIZE + ALIGNMENT, ALIGNMENT);
    }
    return Optional.empty();
  }

  private boolean isIndex(byte[] bytes, int at) {
    if (bytes[at] != 0 || bytes[at + 1] != 0) {
      return false;
    }
    int last = 0;
    for (int i = 1; i < Tokens.COUNT; i++) {
      int next = in.uint16(bytes, at + 2 * i);
      if (next <= last || next - last > MAX_LAST) {
        steps += i / ALIGNMENT;
        return false;
      }
      last = next;
    }
    steps += last; // what it takes to look for its table
    return true;
  }

  private Optional<KallsymsTables> at(long index) throws VmcoreException {
    long table = table(index);
    if (table == 0) {
      return Optional.empty();
    }
    for (int most = NAMES; most <= MAX_NAMES && steps < MAX_STEPS; most *= 2) {
      byte[] before = in.before(table, most);
      steps += before.length / ALIGNMENT;
      Optional<KallsymsTables> found = names(before, table, index);
      if (found.isPresent() || before.length < most) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Where the token table begins whose index is at {@code index}; 0: there is none. */
  private long table(long index) throws VmcoreException {
    byte[] counts = in.bytes(index, INDEX_SIZE, "kallsyms_token_index");
    int last = in.uint16(counts, INDEX_SIZE - 2);
    byte[] before = in.upTo(index - last - MAX_LAST, last + MAX_LAST);
    for (int at = MAX_LAST - 2; before.length == last + MAX_LAST && at >= 0; at--) {
      if ((index - last - MAX_LAST + at) % ALIGNMENT == 0 && isTable(before, at, counts)) {
        return index - last - MAX_LAST + at;
      }
    }
    return 0;
  }

  private boolean isTable(byte[] bytes, int from, byte[] counts) {
    for (int i = 1; i < Tokens.COUNT; i++) {
      int begin = from + in.uint16(counts, 2 * i - 2);
      int end = from + in.uint16(counts, 2 * i) - 1;
      for (int at = begin; at < end; at++) {
        if (bytes[at] == 0) {
          return false;
        }
      }
      if (bytes[end] != 0) {
        return false;
      }
    }
    int at = from + in.uint16(counts, INDEX_SIZE - 2);
    while (at < bytes.length && bytes[at] != 0) {
      at++;
    }
    return isZero(bytes, at, bytes.length) && at < bytes.length && bytes.length - at <= FILL;
  }

  private static boolean isZero(byte[] bytes, int from, int end) {
    for (int at = from; at < end; at++) {
      if (bytes[at] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Goes back from the token table to markers that fit names in front of them. */
  private Optional<KallsymsTables> names(byte[] before, long table, long index)
      throws VmcoreException {
    for (int at = before.length - 2 * ALIGNMENT; at > 0 && steps++ < MAX_STEPS; at -= ALIGNMENT) {
      if (in.int32(before, at) != 0) {
        continue;
      }
      int names = names(before, at, Integer.BYTES);
      if (names < 0) { // before 5.0 they were words
        names = names(before, at, Long.BYTES);
      }
      if (names >= 0) {
        int numSyms = numSyms(before, names);
        return addresses(
            table - before.length + numSyms,
            table - before.length + names,
            in.int32(before, numSyms),
            table,
            index);
      }
    }
    return Optional.empty();
  }

  /** Where the count stands in front of {@code names}: right there, or in a word of its own. */
  private int numSyms(byte[] bytes, int names) {
    boolean isWord = names >= FILL && in.int32(bytes, names - Integer.BYTES) == 0;
    return names - (isWord ? Long.BYTES : Integer.BYTES);
  }

  private long marker(byte[] bytes, int at, int size) {
    return size == Long.BYTES ? in.int64(bytes, at) : in.int32(bytes, at);
  }

  /** How many ascending numbers there are from {@code at} on. */
  private int run(byte[] bytes, int at, int size) {
    int run = 1;
    long last = 0;
    while (at + (run + 1) * size <= bytes.length) {
      long next = marker(bytes, at + run * size, size);
      if (next - last < LEAST_SPAN || next - last > MOST_SPAN || next > at) {
        break;
      }
      last = next;
      run++;
    }
    return run;
  }

  /**
   * Where the names begin that the markers of {@code size} bytes at {@code at} count; −1: nowhere.
   */
  private int names(byte[] bytes, int at, int size) {
    int run = run(bytes, at, size);
    steps += run;
    if (run < 2) {
      return -1;
    }
    long most = marker(bytes, at + (run - 1) * size, size) + MOST_SPAN;
    int least = (int) Math.max(FILL, at - most & -ALIGNMENT);
    int aligned = at - (int) marker(bytes, at + size, size) & -ALIGNMENT;
    for (int names = aligned; names >= least && steps++ < MAX_STEPS; names -= ALIGNMENT) {
      int count = in.int32(bytes, numSyms(bytes, names));
      int spans = (count - 1) / SPAN + 1;
      if (count > SPAN && count <= Kallsyms.MAX_COUNT && spans <= run) {
        long last = marker(bytes, at + (spans - 1) * size, size);
        if (names + last < at && isWalk(bytes, names, count, at, size)) {
          return names;
        }
      }
    }
    return -1;
  }

  /** Whether {@code count} names end where the markers begin, and pass by each of them. */
  private boolean isWalk(byte[] bytes, int names, int count, int markers, int size) {
    int at = names;
    for (int i = 0; i < count; i++) {
      boolean isMarked = i % SPAN == 0;
      if (at >= markers
          || (isMarked && marker(bytes, markers + i / SPAN * size, size) != at - names)) {
        steps += i;
        return false;
      }
      int length = bytes[at] & 0xff;
      at += length > 0x7f ? 2 + ((length & 0x7f) | (bytes[at + 1] & 0xff) << 7) : 1 + length;
    }
    return at <= markers && isZero(bytes, at, markers) && markers - at < FILL;
  }

  /** Of the places where the addresses may be, the one where they ascend. */
  private Optional<KallsymsTables> addresses(
      long numSyms, long names, int count, long table, long index) throws VmcoreException {
    long size = (long) count * Integer.BYTES;
    long words = (long) count * in.wordSize();
    long before = numSyms - in.wordSize();
    long behind = index + INDEX_SIZE;
    KallsymsTables none =
        new KallsymsTables(numSyms, names, table, index, behind, false, OptionalLong.empty());
    KallsymsTables[] places = {
      none.withOffsets(before - aligned(size), OptionalLong.of(before)),
      none.withOffsets(behind, OptionalLong.of(aligned(behind + size))),
      none.withAddresses(numSyms - words),
      none.withAddresses(behind),
      none
    };
    for (KallsymsTables each : places) {
      if (isAscending(each)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private long aligned(long address) {
    return address + in.wordSize() - 1 & -in.wordSize();
  }

  /** Whether addresses ascend and end in the kernel's half; per-CPU ones may come before that. */
  private boolean isAscending(KallsymsTables tables) throws VmcoreException {
    long[] all;
    try {
      all = Kallsyms.of(in, tables, OptionalLong.empty()).all();
    } catch (VmcoreException e) {
      return false;
    }
    for (int i = 1; i < all.length; i++) {
      if (Long.compareUnsigned(all[i - 1], all[i]) > 0) {
        return false;
      }
    }
    return all[all.length - 1] >>> 48 == 0xffff && all[all.length - 1] != all[0];
  }
}
