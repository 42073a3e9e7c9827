/**
 * Stand-alone dumps of s390, which its dump tools on disks and tapes write, and {@code zgetdump -f
 * s390}: a header, memory and an end marker; extended ones have memory in segments.
 *
 * <p>CPUs' registers are where they were stored, in the CPUs' lowcores; notes are made of them.
 *
 * <p>Start with {@link org.vmcore.format.s390.S390Format}.
 */
@NullMarked
package org.vmcore.format.s390;

import org.jspecify.annotations.NullMarked;
