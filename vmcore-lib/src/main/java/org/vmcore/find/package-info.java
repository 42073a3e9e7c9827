/**
 * Bytes, text and pointers found in memory, as fast as it can be read.
 *
 * <p>A {@link org.vmcore.find.Needle} is what is sought, {@link org.vmcore.find.MemorySearch} goes
 * over an address space for one or several of them at once, with all cores, and tells of what it
 * finds in ascending order.
 *
 * <p>What a dump needs to be understood, crash headers and tables of symbols, is sought by {@code
 * org.vmcore.search} and others, which know what they look for.
 */
@NullMarked
package org.vmcore.find;

import org.jspecify.annotations.NullMarked;
