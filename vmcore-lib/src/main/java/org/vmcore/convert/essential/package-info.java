/**
 * What of a kernel's memory no dump can do without: its image, page tables, stacks, its log.
 *
 * <p>Start with {@link org.vmcore.convert.essential.EssentialMemory}. Which pages a dump does leave
 * out isn't known here.
 */
@NullMarked
package org.vmcore.convert.essential;

import org.jspecify.annotations.NullMarked;
