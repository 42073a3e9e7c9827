/**
 * Checks of an open dump: headers, overlaps, notes, the vmcore list, and every page by reading it.
 *
 * <p>Start with {@link org.vmcore.verify.Verification}. It knows the image and no format.
 */
@NullMarked
package org.vmcore.verify;

import org.jspecify.annotations.NullMarked;
