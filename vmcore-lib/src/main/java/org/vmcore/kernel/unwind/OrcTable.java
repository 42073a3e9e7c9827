package org.vmcore.kernel.unwind;

import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * One table in the dump: the addresses where entries begin to hold, in order, each 32 bits from
 * where it lies itself, and the entries. Of it only what a search needs is read (FORMATS.md, 86).
 */
public final class OrcTable {
  private static final int IP = 4;

  /** A search goes over this many addresses one by one. */
  private static final int NEAR = 256;

  private final KernelReader in;
  private final String name;
  private final OrcFormat format;
  private final long ips;
  private final long entries;
  private final int count;

  /**
   * @param name for errors
   * @param ips where the addresses lie
   * @param entries where the entries lie
   * @param count of both
   */
  public OrcTable(
      KernelReader in, String name, OrcFormat format, long ips, long entries, int count) {
    this.in = in;
    this.name = name;
    this.format = format;
    this.ips = ips;
    this.entries = entries;
    this.count = count;
  }

  /** Whether {@code pc} lies between the first address and the last. */
  public boolean covers(long pc) throws BrokenStack, VmcoreException {
    try {
      return ip(0) <= pc && pc < ip(count - 1);
    } catch (Unreadable e) {
      throw new BrokenStack(e);
    }
  }

  /** The entry of the last address that isn't above {@code pc}; that of the first, if all are. */
  public OrcEntry at(long pc) throws BrokenStack, VmcoreException {
    try {
      byte[] entry = in.bytes(entries + (long) OrcFormat.SIZE * find(pc), OrcFormat.SIZE, name);
      return format.decode(entry, 0);
    } catch (Unreadable e) {
      throw new BrokenStack(e);
    }
  }

  private int find(long pc) throws BrokenStack, VmcoreException {
    int low = 0;
    int high = count;
    long below = ip(0);
    long above = ip(count - 1);
    check(below, above, 0);
    while (high - low > NEAR) {
      int middle = (low + high) >>> 1;
      long ip = ip(middle);
      check(below, ip, middle);
      check(ip, above, middle);
      if (ip <= pc) {
        low = middle;
        below = ip;
      } else {
        high = middle;
        above = ip;
      }
    }
    return near(pc, low, high);
  }

  private int near(long pc, int low, int high) throws BrokenStack, VmcoreException {
    byte[] bytes = in.bytes(ips + (long) IP * low, IP * (high - low), name);
    int found = low;
    long before = Long.MIN_VALUE;
    for (int i = low; i < high; i++) {
      long ip = ips + (long) IP * i + in.int32(bytes, IP * (i - low));
      check(before, ip, i);
      before = ip;
      found = ip <= pc ? i : found;
    }
    return found;
  }

  private long ip(int index) throws VmcoreException {
    long at = ips + (long) IP * index;
    return at + in.int32(in.bytes(at, IP, name), 0);
  }

  private void check(long lower, long higher, int index) throws BrokenStack {
    if (lower > higher) {
      throw new BrokenStack(
          name + " at " + Hex.of(ips) + ": out of order at entry " + index + " of " + count);
    }
  }
}
