/**
 * Work on pieces of a dump: by several threads at once, delivered in the order of the pieces.
 *
 * <p>Start with {@link org.vmcore.convert.pack.OrderedWork}.
 */
@NullMarked
package org.vmcore.convert.pack;

import org.jspecify.annotations.NullMarked;
