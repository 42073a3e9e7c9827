/**
 * A crashed kernel as a core file for gdb.
 *
 * <p>Start with {@link org.vmcore.gdb.core.KernelCore}.
 */
@NullMarked
package org.vmcore.gdb.core;

import org.jspecify.annotations.NullMarked;
