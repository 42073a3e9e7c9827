/**
 * Files that are given in place of a dump: what they are, and what makes a dump of them. Nothing
 * here is loaded when a dump opens.
 *
 * <p>Start with {@link org.vmcore.format.foreign.ForeignFile}. A kind of file is a line in one of
 * the lists: {@code GuestStates}, {@code OtherDumps}, {@code KernelFiles}, {@code Disks}, {@code
 * Archives}. What only its text tells is in {@code TextFile}.
 */
@NullMarked
package org.vmcore.format.foreign;

import org.jspecify.annotations.NullMarked;
