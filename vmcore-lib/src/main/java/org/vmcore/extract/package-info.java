/**
 * Memory written into files.
 *
 * <p>Start with {@link org.vmcore.extract.Extraction}; of a PT_LOAD, with {@code
 * LoadSegment.copyTo}.
 */
@NullMarked
package org.vmcore.extract;

import org.jspecify.annotations.NullMarked;
