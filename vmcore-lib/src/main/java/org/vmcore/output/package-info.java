/**
 * Files that are written: whole or not at all, sparse where there are zeros.
 *
 * <p>Start with {@link org.vmcore.output.OutputFile} for what is written in order, with {@link
 * org.vmcore.output.PlacedOutput} for what is written at positions. A regular file is staged under
 * a temporary name beside its target; devices and pipes are written in order.
 */
@NullMarked
package org.vmcore.output;

import org.jspecify.annotations.NullMarked;
