/**
 * Dumps written: another format, another compression, fewer pages.
 *
 * <p>Start with {@link org.vmcore.convert.Conversion}.
 */
@NullMarked
package org.vmcore.convert;

import org.jspecify.annotations.NullMarked;
