package org.vmcore.debuginfo.dwarf;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.debuginfo.layout.KernelLayout;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.objects.KernelObject;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.kernel.reading.Unreadable;
import org.vmcore.kernel.unwind.BrokenStack;
import org.vmcore.kernel.unwind.OrcEntry;
import org.vmcore.kernel.unwind.OrcFormat;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Ascending;
import org.vmcore.values.Hex;

/** All of a kernel's ORC table: from which address on which entry holds (FORMATS.md, 86). */
final class OrcRows {
  private static final int IP = 4;

  /** Many times what large kernels have. */
  private static final int MOST = 1 << 21;

  private static final int SAMPLE = 512;
  private static final String NAME = "the kernel's ORC table";

  private final long[] addresses;
  private final byte[] entries;
  private final OrcFormat format;

  private OrcRows(long[] addresses, byte[] entries, OrcFormat format) {
    this.addresses = addresses;
    this.entries = entries;
    this.format = format;
  }

  /**
   * The table; empty when the kernel has none.
   *
   * @throws BrokenStack when it can't be read, or isn't in order
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  static Optional<OrcRows> of(KernelLayout layout) throws BrokenStack, VmcoreException {
    OptionalLong start = layout.address("__start_orc_unwind_ip");
    OptionalLong stop = layout.address("__stop_orc_unwind_ip");
    OptionalLong table = layout.address("__start_orc_unwind");
    if (start.isEmpty() || stop.isEmpty() || table.isEmpty()) {
      return Optional.empty();
    }
    long count = (stop.getAsLong() - start.getAsLong()) / IP;
    if (count <= 0 || count > MOST) {
      throw new BrokenStack(NAME + " has " + count + " entries");
    }
    KernelReader in = layout.kernel().objects().reader();
    try {
      return Optional.of(read(in, start.getAsLong(), table.getAsLong(), (int) count));
    } catch (Unreadable e) {
      throw new BrokenStack(e);
    }
  }

  /**
   * A module's table, of the same form; empty when it has none.
   *
   * @throws BrokenStack when it can't be read, or isn't in order
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  Optional<OrcRows> ofModule(KernelObjects objects, LoadedModule module)
      throws BrokenStack, VmcoreException {
    if (!objects.has("module", "arch.num_orcs")) {
      return Optional.empty();
    }
    try {
      KernelObject object = objects.at(module.address(), "module");
      long count = object.number("arch.num_orcs") & 0xffff_ffffL;
      if (count == 0 || count > MOST) {
        return Optional.empty();
      }
      byte[] all =
          objects
              .reader()
              .bytes(object.number("arch.orc_unwind"), (int) count * OrcFormat.SIZE, NAME);
      long ips = object.number("arch.orc_unwind_ip");
      return Optional.of(new OrcRows(addresses(objects.reader(), ips, (int) count), all, format));
    } catch (Unreadable e) {
      throw new BrokenStack(e);
    }
  }

  private static OrcRows read(KernelReader in, long ips, long table, int count)
      throws BrokenStack, VmcoreException {
    byte[] entries = in.bytes(table, count * OrcFormat.SIZE, NAME);
    Optional<OrcFormat> format = format(entries, count);
    if (format.isEmpty()) {
      throw BrokenStack.lacking(NAME + " is of no known form");
    }
    return new OrcRows(addresses(in, ips, count), entries, format.get());
  }

  /** Entries in the middle are those of plain functions. */
  private static Optional<OrcFormat> format(byte[] entries, int count) {
    int sampled = Math.min(count, SAMPLE) * OrcFormat.SIZE;
    int from = (count - Math.min(count, SAMPLE)) / 2 * OrcFormat.SIZE;
    byte[] sample = new byte[sampled];
    System.arraycopy(entries, from, sample, 0, sampled);
    return OrcFormat.of(sample);
  }

  private static long[] addresses(KernelReader in, long start, int count)
      throws BrokenStack, VmcoreException {
    byte[] bytes = in.bytes(start, count * IP, NAME);
    long[] addresses = new long[count];
    for (int i = 0; i < count; i++) {
      long at = start + (long) IP * i;
      addresses[i] = at + in.int32(bytes, IP * i);
      if (i > 0 && Long.compareUnsigned(addresses[i - 1], addresses[i]) > 0) {
        throw new BrokenStack(
            NAME + " at " + Hex.of(start) + ": out of order at entry " + i + " of " + count);
      }
    }
    return addresses;
  }

  int count() {
    return addresses.length;
  }

  /** The first address at which row {@code index} holds. */
  long address(int index) {
    return addresses[index];
  }

  /** The row that holds at {@code address}; −1 where none does. */
  int at(long address) {
    return Ascending.floor(addresses, addresses.length, address);
  }

  /** What row {@code index} says. */
  OrcEntry entry(int index) {
    return format.decode(entries, OrcFormat.SIZE * index);
  }
}
