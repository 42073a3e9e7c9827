package org.vmcore.kernel.btf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.scan.MemoryScan;
import org.vmcore.scan.SearchBudget;

/** Finds the kernel's BTF by its header: the largest table of those in the kernel's image. */
final class BtfSearch implements MemoryScan.Look {
  private static final int ALIGNMENT = 4;

  /** A kernel's table is larger; those of BPF programs and modules are smaller. */
  private static final int LEAST = 256 << 10;

  private final KernelReader in;
  private OptionalLong found = OptionalLong.empty();

  private BtfSearch(KernelReader in) {
    this.in = in;
  }

  /** The address of the table in the first of {@code ranges} that has one. */
  static OptionalLong search(KernelReader in, SearchBudget budget, List<AddressRange> ranges)
      throws VmcoreException {
    BtfSearch search = new BtfSearch(in);
    MemoryScan scan = new MemoryScan(in.memory(), budget, ALIGNMENT, BtfHeader.SIZE);
    for (AddressRange range : ranges) {
      scan.over(range, search);
    }
    return search.found;
  }

  @Override
  public boolean isOver() {
    return found.isPresent();
  }

  @Override
  public void at(byte[] bytes, int length, long address) throws VmcoreException {
    byte first = (byte) (in.isBigEndian() ? BtfHeader.MAGIC >> 8 : BtfHeader.MAGIC);
    for (int at = 0; at <= length - BtfHeader.SIZE; at += ALIGNMENT) {
      if (bytes[at] == first && isTable(bytes, at, address + at)) {
        found = OptionalLong.of(address + at);
        return;
      }
    }
  }

  /** The types come first, the strings behind them, and the first string is empty. */
  private boolean isTable(byte[] bytes, int at, long address) throws VmcoreException {
    Optional<BtfHeader> found = BtfHeader.at(bytes, at);
    if (found.isEmpty() || found.get().isBigEndian() != in.isBigEndian()) {
      return false;
    }
    BtfHeader header = found.get();
    if (header.typesSize() + header.stringsSize() < LEAST
        || header.strings() < header.types() + header.typesSize()) {
      return false;
    }
    byte[] start = in.upTo(address + header.strings(), 2);
    return start.length == 2 && start[0] == 0 && start[1] > ' ';
  }
}
