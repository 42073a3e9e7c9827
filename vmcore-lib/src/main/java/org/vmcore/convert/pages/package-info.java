/**
 * Sets of page frames, a bit each, as large as the machine is; page frames read.
 *
 * <p>Start with {@link org.vmcore.convert.pages.PfnBitmap}. What a page frame holds, and why it is
 * in a set, isn't known here.
 */
@NullMarked
package org.vmcore.convert.pages;

import org.jspecify.annotations.NullMarked;
