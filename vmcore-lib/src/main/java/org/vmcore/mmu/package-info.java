/**
 * Virtual memory by the page tables in a dump: finding the topmost table, walking from it to a
 * byte, and what else a dump says of kernel virtual addresses.
 *
 * <p>How entries and tables are laid out isn't here: that is the architecture's, in {@code arch}.
 *
 * <p>Start with {@link org.vmcore.mmu.AddressSpace}, what tables map, and {@link
 * org.vmcore.mmu.KernelMemory}, which falls back on the PT_LOADs where they map nothing; {@link
 * org.vmcore.mmu.Translation} is the walk to one address. Inside, {@code Walk} is the way to one
 * entry, {@code KernelRoot} the list of the {@code Finder}s.
 */
@NullMarked
package org.vmcore.mmu;

import org.jspecify.annotations.NullMarked;
