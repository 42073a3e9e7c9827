/**
 * Dumps written in makedumpfile's kdump-compressed format, whole or as a split set.
 *
 * <p>Start with {@link org.vmcore.convert.kdump.KdumpWriter}. The structures on the disk are {@code
 * format.kdump}'s; which pages are kept is decided elsewhere.
 */
@NullMarked
package org.vmcore.convert.kdump;

import org.jspecify.annotations.NullMarked;
