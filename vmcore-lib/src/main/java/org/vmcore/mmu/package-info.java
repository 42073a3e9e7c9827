/**
 * Virtual memory by the page tables in a dump: finding the topmost table, what it leads to, and
 * what else a dump says of kernel virtual addresses.
 *
 * <p>How entries and tables are laid out isn't here: that is the architecture's, in {@code arch};
 * nor is the walk, in {@code mmu.walk}.
 *
 * <p>Start with {@link org.vmcore.mmu.AddressSpace}, what tables map, and {@link
 * org.vmcore.mmu.KernelMemory}, which falls back on the PT_LOADs where they map nothing; {@link
 * org.vmcore.mmu.Translation} is the walk to one address. Inside, {@code Sources} is the order of
 * what is asked where tables tell nothing, {@code KernelRoot} that of the {@code Finder}s.
 */
@NullMarked
package org.vmcore.mmu;

import org.jspecify.annotations.NullMarked;
