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
 *
 * <p>Flags that suit a program which reads dumps and little else: {@code -XX:+UseSerialGC -Xmn8m
 * -XX:+UseTransparentHugePages}. Objects are short-lived and few, so a small young generation is
 * used again and again and stays in the processor's caches, where a large one is memory touched for
 * the first time; the serial collector has no threads and tables of its own; and with huge pages
 * (Linux) the kernel hands out 2 MiB at once instead of 4 KiB. Reading a kdump-compressed dump of
 * 159 MiB took 9,300 page faults without, 6,700 with them. Mapped dumps and buffers for them are
 * outside of the heap, which may stay below 64 MiB whatever the dump's size.
 */
@NullMarked
package org.vmcore;

import org.jspecify.annotations.NullMarked;
