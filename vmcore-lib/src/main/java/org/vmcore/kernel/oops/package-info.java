/**
 * What the kernel's messages say of its death: lines of text, and what is read out of them. Nothing
 * here knows where the lines come from.
 *
 * <p>What memory adds to that is {@code kernel.crash}'s.
 *
 * <p>Start with {@link org.vmcore.kernel.oops.CrashReport}, which {@code KernelLog.report} gives.
 * Inside, {@code Wordings} knows how the kernel words a crash, {@code Spans} finds the reports of
 * oopses, lockups and warnings among the lines, {@code Chosen} says which of them counts, and
 * {@code CrashReport} reads it.
 */
@NullMarked
package org.vmcore.kernel.oops;

import org.jspecify.annotations.NullMarked;
