/**
 * Kdump-compressed dumps ("diskdump" format): header, bitmaps, page descriptors, and the memory in
 * the pages behind them. {@link org.vmcore.kdump.KdumpFiles} opens one.
 */
@NullMarked
package org.vmcore.kdump;

import org.jspecify.annotations.NullMarked;
