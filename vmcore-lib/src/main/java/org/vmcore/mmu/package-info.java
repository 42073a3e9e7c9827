/**
 * Virtual memory by the page tables in a dump: x86_64 and arm64.
 *
 * <p>Start with {@link org.vmcore.mmu.AddressSpace}; {@link org.vmcore.mmu.Translation} is the walk
 * to one address.
 */
@NullMarked
package org.vmcore.mmu;

import org.jspecify.annotations.NullMarked;
