/**
 * Devices' dumps picked up from the kernel that offers them, each into a file of its own.
 *
 * <p>Start with {@link org.vmcore.remoteproc.collect.DevcoredumpCollector}. {@link
 * org.vmcore.remoteproc.collect.SysfsDevcoredumps} are the kernel's own; whatever else implements
 * {@link org.vmcore.remoteproc.Devcoredump} is collected the same way.
 */
@NullMarked
package org.vmcore.remoteproc.collect;

import org.jspecify.annotations.NullMarked;
