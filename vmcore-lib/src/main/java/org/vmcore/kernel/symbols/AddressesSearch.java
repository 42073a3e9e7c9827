package org.vmcore.kernel.symbols;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.kernel.reading.KernelReader;
import org.vmcore.memory.VmcoreException;

/** Finds the addresses of kallsyms' symbols, beside the names or behind the tokens' index. */
final class AddressesSearch {
  private final KernelReader in;

  AddressesSearch(KernelReader in) {
    this.in = in;
  }

  /** Of the places where the addresses may be, the one where they ascend. */
  Optional<KallsymsTables> of(long numSyms, long names, int count, long table, long index)
      throws VmcoreException {
    long size = (long) count * Integer.BYTES;
    long words = (long) count * in.wordSize();
    long before = numSyms - in.wordSize();
    long behind = index + KallsymsSearch.INDEX_SIZE;
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
