package org.vmcore.kernel.symbols;

import static org.vmcore.kernel.symbols.KallsymsSearch.ALIGNMENT;
import static org.vmcore.kernel.symbols.KallsymsSearch.FILL;

import java.util.Optional;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/**
 * Finds kallsyms' names in front of a token table: markers that count names which end where they
 * begin. It tells markers from other numbers by going over all names that they count.
 */
final class NamesSearch {
  private static final int SPAN = 256; // names from marker to marker

  /** What 256 names take at least and at most, in bytes. */
  private static final int LEAST_SPAN = 2 * SPAN;

  private static final int MOST_SPAN = 512 * SPAN;

  private final KernelReader in;
  private final SearchSteps steps;
  private final AddressesSearch addresses;

  NamesSearch(KernelReader in, SearchSteps steps) {
    this.in = in;
    this.steps = steps;
    this.addresses = new AddressesSearch(in);
  }

  /** Goes back from the token table to markers that fit names in front of them. */
  Optional<KallsymsTables> in(byte[] before, long table, long index) throws VmcoreException {
    for (int at = before.length - 2 * ALIGNMENT; at > 0 && steps.next(); at -= ALIGNMENT) {
      if (in.int32(before, at) != 0) {
        continue;
      }
      int names = names(before, at, Integer.BYTES);
      if (names < 0) { // before 5.0 they were words
        names = names(before, at, Long.BYTES);
      }
      if (names >= 0) {
        int numSyms = numSyms(before, names);
        return addresses.of(
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
    steps.take(run);
    if (run < 2) {
      return -1;
    }
    long most = marker(bytes, at + (run - 1) * size, size) + MOST_SPAN;
    int least = (int) Math.max(FILL, at - most & -ALIGNMENT);
    int aligned = at - (int) marker(bytes, at + size, size) & -ALIGNMENT;
    for (int names = aligned; names >= least && steps.next(); names -= ALIGNMENT) {
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
        steps.take(i);
        return false;
      }
      int length = bytes[at] & 0xff;
      at += length > 0x7f ? 2 + ((length & 0x7f) | (bytes[at + 1] & 0xff) << 7) : 1 + length;
    }
    return at <= markers && KallsymsSearch.isZero(bytes, at, markers) && markers - at < FILL;
  }
}
