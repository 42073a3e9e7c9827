/**
 * Coredumps of remote processors: made as the kernel makes them, and the recovery of a processor
 * around them.
 *
 * <p>Start with {@link org.vmcore.remoteproc.RemoteprocCoredump}, which makes the core of {@link
 * org.vmcore.remoteproc.DumpSegment}s, and {@link org.vmcore.remoteproc.Devcoredumps}, where its
 * dumps are offered. {@link org.vmcore.remoteproc.RemoteprocRecovery} runs processors that crash,
 * to try out what collects dumps: it has {@link org.vmcore.remoteproc.RemoteProcessor}s, their
 * {@link org.vmcore.remoteproc.SubDevice}s and the {@link org.vmcore.remoteproc.Device}s that these
 * make.
 *
 * <p>Facts: the kernel's {@code drivers/remoteproc}. Files of this form are read by {@code
 * org.vmcore.format.elf}, as any ELF dump; dumps are picked up from the kernel by {@code
 * org.vmcore.remoteproc.collect}; what a crashed kernel knew of its remote processors tells {@code
 * org.vmcore.remoteproc.kernel}.
 */
@NullMarked
package org.vmcore.remoteproc;

import org.jspecify.annotations.NullMarked;
