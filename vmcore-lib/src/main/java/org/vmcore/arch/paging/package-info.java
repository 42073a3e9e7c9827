/**
 * How page tables are laid out, of each architecture: the shape of the tables and what an entry
 * says. Nothing is read here, and nothing is known of kernels but what stands in entries.
 *
 * <p>Start with {@link org.vmcore.arch.paging.Paging}; {@link org.vmcore.arch.paging.X86Paging} is
 * the one to look at first.
 */
@NullMarked
package org.vmcore.arch.paging;

import org.jspecify.annotations.NullMarked;
