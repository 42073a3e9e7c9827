/**
 * Architectures: their page tables, where their kernels' image and direct map lie, what the crash
 * kernel of each is told.
 *
 * <p>Start with {@link org.vmcore.arch.Architecture}.
 */
@NullMarked
package org.vmcore.arch;

import org.jspecify.annotations.NullMarked;
