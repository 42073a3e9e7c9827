/**
 * What every room needs and none owns: numbers as they are written and compared, text that is safe
 * to print, searching in sorted numbers. It knows nothing of dumps.
 *
 * <p>Start with {@link org.vmcore.values.Hex}. Nothing here is for users of the library.
 */
@NullMarked
package org.vmcore.values;

import org.jspecify.annotations.NullMarked;
