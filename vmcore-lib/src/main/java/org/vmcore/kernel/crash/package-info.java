/**
 * The first minute of a crash: what happened, where, whose fault it was, the stacks that matter,
 * and a fingerprint. The log is asked first ({@code kernel.oops}); tasks, stacks and locks in
 * memory tell more, where the dump's types let them.
 *
 * <p>Start with {@link org.vmcore.kernel.crash.Crash}, which {@code Kernel} gives. Inside, {@code
 * CrashReader} puts it together, {@code GuiltySearch} says who is at fault, {@code SpinLocks} and
 * {@code SleepingLocks} find who holds a lock.
 */
@NullMarked
package org.vmcore.kernel.crash;

import org.jspecify.annotations.NullMarked;
