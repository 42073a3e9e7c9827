/**
 * Byte sources, a bounds-checked cursor, output files and the exception that all of vmcore throws.
 *
 * <p>Start with {@link org.vmcore.io.ByteSource} and {@link org.vmcore.io.VmcoreException}.
 */
@NullMarked
package org.vmcore.io;

import org.jspecify.annotations.NullMarked;
