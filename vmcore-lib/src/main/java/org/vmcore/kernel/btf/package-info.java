/**
 * BTF, the kernel's own table of its types: found in its memory or read from a file, and decoded.
 *
 * <p>What a type is doesn't stand here but in {@code kernel.types}. Start with {@link
 * org.vmcore.kernel.btf.KernelTypes}.
 */
@NullMarked
package org.vmcore.kernel.btf;

import org.jspecify.annotations.NullMarked;
