/**
 * An image by the addresses that its PT_LOADs tell: physical, or virtual where p_vaddr is known.
 * Overlapping ranges are resolved here, and extents become ranges of page frames.
 *
 * <p>Start with {@link org.vmcore.segments.SegmentMemory}. Page tables are the matter of {@code
 * mmu}.
 */
@NullMarked
package org.vmcore.segments;

import org.jspecify.annotations.NullMarked;
