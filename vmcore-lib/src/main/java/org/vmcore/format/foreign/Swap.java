package org.vmcore.format.foreign;

import java.util.ArrayList;
import java.util.List;

/**
 * Swap space, with or without a hibernated system in it: the signature stands in the last 10 bytes
 * of the first page, whatever the page size (Linux' {@code swap.h}, {@code kernel/power/swap.c};
 * uswsusp's {@code swsusp.h}; TuxOnIce's {@code tuxonice_swap.c}).
 */
final class Swap {
  private static final int SIGNATURE_SIZE = 10;
  private static final int[] PAGE_SIZES = {4096, 8192, 16_384, 65_536};
  private static final String HIBERNATED =
      "its image is compressed and not of all memory: resume the system, then dump it by kdump";
  private static final String SWAP = "it is no dump of memory; kdump makes one";

  static final List<Signature> ALL = all();

  private Swap() {}

  private static List<Signature> all() {
    List<Signature> all = new ArrayList<>();
    for (int page : PAGE_SIZES) {
      int at = page - SIGNATURE_SIZE;
      for (String magic :
          List.of(
              "S1SUSPEND", "S2SUSPEND", "ULSUSPEND", "LINHIB0001", "\355\303\2\351\230V\345\f")) {
        all.add(new Signature(at, magic, "a hibernated system (swap space)", HIBERNATED));
      }
      all.add(new Signature(at, "SWAPSPACE2", "swap space", SWAP));
      all.add(new Signature(at, "SWAP-SPACE", "swap space", SWAP));
    }
    return List.copyOf(all);
  }
}
