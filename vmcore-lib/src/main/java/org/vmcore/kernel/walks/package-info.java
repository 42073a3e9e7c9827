/**
 * What the kernel links together: lists, trees, arrays of pointers.
 *
 * <p>All of them are gone over with bounds, and each link is checked against the one that leads
 * back, so that a damaged one ends where the damage is: what was found before that is kept. Start
 * with {@link org.vmcore.kernel.walks.Walks}.
 */
@NullMarked
package org.vmcore.kernel.walks;

import org.jspecify.annotations.NullMarked;
