/**
 * What opening a dump takes: options, where RAM lies in an image of it, where its crash headers
 * are. Values only; what they do is done in the rooms above.
 *
 * <p>Start with {@link org.vmcore.open.OpenOptions} and, for a crashed machine's RAM, {@link
 * org.vmcore.open.RamImage}.
 */
@NullMarked
package org.vmcore.open;

import org.jspecify.annotations.NullMarked;
