/**
 * A crashed kernel as gdb sees it: each task is a thread.
 *
 * <p>What is written for gdb is in {@code gdb.core}, what is told to it over a wire in {@code
 * gdb.remote}. Start with {@link org.vmcore.gdb.KernelThreads}.
 */
@NullMarked
package org.vmcore.gdb;

import org.jspecify.annotations.NullMarked;
