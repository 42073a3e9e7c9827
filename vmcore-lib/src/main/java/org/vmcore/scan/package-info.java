/**
 * Searches through memory. {@link org.vmcore.scan.MemoryScan} goes over all that can be read and
 * lets others look at it; {@link org.vmcore.scan.WordScan} looks for a magic number; {@link
 * org.vmcore.scan.SearchBudget} ends what would take too long.
 *
 * <p>What is sought isn't here: VMCOREINFO, crash headers and the tables of symbols know their own
 * forms.
 *
 * <p>Start with {@link org.vmcore.scan.MemoryScan}. What a hit means is the searches' matter.
 */
@NullMarked
package org.vmcore.scan;

import org.jspecify.annotations.NullMarked;
