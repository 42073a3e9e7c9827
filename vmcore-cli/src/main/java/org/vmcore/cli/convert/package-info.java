/**
 * The command {@code convert}: {@link org.vmcore.cli.convert.ConvertCommand}, with which one
 * starts.
 *
 * <p>What is written, and which pages are left out, is the library's {@code org.vmcore.convert}.
 */
@NullMarked
package org.vmcore.cli.convert;

import org.jspecify.annotations.NullMarked;
