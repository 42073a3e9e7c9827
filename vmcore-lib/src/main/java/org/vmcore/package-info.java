/**
 * Opens crash dumps of the Linux kernel.
 *
 * <p>{@link org.vmcore.Vmcore} is the place to start:
 *
 * {@snippet :
 * try (Vmcore vmcore = Vmcore.open(Path.of("vmcore"));
 *     Mapping mapping = vmcore.map(0, vmcore.size())) {
 *   MemorySegment bytes = mapping.bytes();
 * }
 * }
 */
@NullMarked
package org.vmcore;

import org.jspecify.annotations.NullMarked;
