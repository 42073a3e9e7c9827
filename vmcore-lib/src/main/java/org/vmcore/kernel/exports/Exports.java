package org.vmcore.kernel.exports;

import java.nio.charset.StandardCharsets;
import org.vmcore.kernel.names.NamePattern;
import org.vmcore.kernel.names.SortedAddresses;

/** The names and addresses of exported symbols, in the order of their tables. */
public final class Exports {
  private final byte[] bytes;
  private final int[] names;
  private final int[] lengths;
  private final long[] addresses;
  private final SortedAddresses sorted;

  private Exports(byte[] bytes, int[] names, int[] lengths, long[] addresses) {
    this.bytes = bytes;
    this.names = names;
    this.lengths = lengths;
    this.addresses = addresses;
    this.sorted = SortedAddresses.of(addresses);
  }

  static Exports of(ExportBytes in, ExportForm form, ExportRun run) {
    int count = run.count();
    int[] names = new int[count];
    int[] lengths = new int[count];
    long[] addresses = new long[count];
    for (int i = 0; i < count; i++) {
      names[i] = form.name(in, run.entry(i));
      lengths[i] = in.nameLength(names[i]);
      addresses[i] = form.address(in, run.entry(i));
    }
    return new Exports(in.bytes(), names, lengths, addresses);
  }

  /** How many there are. */
  public int count() {
    return names.length;
  }

  /** Whether symbol {@code index} has such a name. */
  public boolean matches(int index, NamePattern pattern) {
    return pattern.matches(bytes, names[index], lengths[index]);
  }

  /** The name of symbol {@code index}. */
  public String name(int index) {
    return new String(bytes, names[index], lengths[index], StandardCharsets.US_ASCII);
  }

  /** The kernel virtual address of symbol {@code index}. */
  public long address(int index) {
    return addresses[index];
  }

  /** The symbol with the highest address that isn't above {@code address}; −1: there is none. */
  public int nearest(long address) {
    return sorted.nearest(address);
  }
}
