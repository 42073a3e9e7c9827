/**
 * Walks through page tables: to the entry of one address, to all tables, and to all that is mapped
 * to a physical address. Tables are read and kept here.
 *
 * <p>How they are laid out is {@code arch}'s, where the topmost one is, {@code mmu}'s.
 *
 * <p>Start with {@link org.vmcore.mmu.walk.Walk}, the way to one entry, and {@link
 * org.vmcore.mmu.walk.Lookup}, what it tells.
 */
@NullMarked
package org.vmcore.mmu.walk;

import org.jspecify.annotations.NullMarked;
