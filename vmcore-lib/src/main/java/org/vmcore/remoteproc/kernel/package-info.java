/**
 * What a crashed kernel knew of its remote processors: their state, what of their memory a coredump
 * has, their virtio devices and who still holds them, and the coredumps that nobody had read yet.
 *
 * <p>Sources: the kernel's {@code drivers/remoteproc}, {@code drivers/base/devcoredump.c}, {@code
 * fs/kernfs}; where members lie tell the kernel's types. Coredumps as files are {@code
 * org.vmcore.remoteproc}'s matter. Start with {@link
 * org.vmcore.remoteproc.kernel.RemoteProcessors}.
 */
@NullMarked
package org.vmcore.remoteproc.kernel;

import org.jspecify.annotations.NullMarked;
