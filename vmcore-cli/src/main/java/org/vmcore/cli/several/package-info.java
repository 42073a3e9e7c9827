/**
 * Several dumps in one call: which files of a folder are dumps, and how they are gone through, some
 * at a time, with what is told of them in their order.
 *
 * <p>Start with {@link org.vmcore.cli.several.Several}.
 */
@NullMarked
package org.vmcore.cli.several;

import org.jspecify.annotations.NullMarked;
