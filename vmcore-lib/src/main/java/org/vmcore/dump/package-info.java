/**
 * What a format opens to: crash headers and the old memory that they point into.
 *
 * <p>Start with {@link org.vmcore.dump.Format}, which each format implements, and {@link
 * org.vmcore.dump.Dump}, which it opens to. The formats themselves live in rooms below {@code
 * format}.
 */
@NullMarked
package org.vmcore.dump;

import org.jspecify.annotations.NullMarked;
