/**
 * The kernel's modules: where they lie, how large they are, their state, what they taint.
 *
 * <p>Their symbols are {@code kernel.symbols}'. Start with {@link
 * org.vmcore.kernel.modules.Modules}, which {@code Kernel} gives.
 */
@NullMarked
package org.vmcore.kernel.modules;

import org.jspecify.annotations.NullMarked;
