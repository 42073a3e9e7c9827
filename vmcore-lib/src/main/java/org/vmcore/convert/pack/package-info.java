/**
 * Work on pieces of a dump, by several threads at once, delivered in the order of the pieces; and a
 * file's bytes packed that way.
 *
 * <p>Start with {@link org.vmcore.convert.pack.OrderedWork}; {@link
 * org.vmcore.convert.pack.Content} is what is packed.
 */
@NullMarked
package org.vmcore.convert.pack;

import org.jspecify.annotations.NullMarked;
