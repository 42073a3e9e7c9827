package org.vmcore.arch;

import java.util.List;

/**
 * The root of page tables that a CPU used.
 *
 * @param register what its register holds, as x86_64's CR3: the topmost table's physical address,
 *     and flags
 * @param levels how many levels the tables have
 * @param mapped kernel virtual addresses that this CPU used
 */
public record CpuRoot(long register, int levels, List<Long> mapped) {
  /** An unmodifiable copy of the addresses is kept. */
  public CpuRoot {
    mapped = List.copyOf(mapped);
  }
}
