/**
 * Flattened device trees, read and written: how an arm64 crash kernel learns where the elfcorehdr
 * is.
 *
 * <p>Start with {@link org.vmcore.fdt.DeviceTree}; {@link org.vmcore.fdt.ChosenNode} knows what
 * /chosen tells a crash kernel. What was read and isn't changed comes back byte for byte.
 */
@NullMarked
package org.vmcore.fdt;

import org.jspecify.annotations.NullMarked;
