/**
 * Which kinds of pages a dump may do without, and how many there are.
 *
 * <p>Start with {@link org.vmcore.convert.level.DumpLevel}. How a page's kind is told isn't known
 * here.
 */
@NullMarked
package org.vmcore.convert.level;

import org.jspecify.annotations.NullMarked;
