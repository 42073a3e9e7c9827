/**
 * Which pages a dump can do without: decided from the kernel's {@code struct page}s, as
 * makedumpfile's {@code -d} does it.
 *
 * <p>Start with {@link org.vmcore.convert.filter.PageFilter}. Nothing here knows what a dump is
 * written as.
 */
@NullMarked
package org.vmcore.convert.filter;

import org.jspecify.annotations.NullMarked;
