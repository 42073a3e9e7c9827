/**
 * The command {@code prepare}: crash headers for a kernel, made out of {@code /proc/iomem} and what
 * its options tell.
 *
 * <p>Start with {@link org.vmcore.cli.prepare.PrepareCommand}. Its many options are groups of their
 * own here: memory ({@code IomemOptions}), the first kernel ({@code FirstKernelOptions}, {@code
 * VmcoreInfoOption}, {@code CpuOptions}), and what the crash kernel is told ({@code BootOptions}).
 *
 * <p>The headers themselves are made by the library.
 */
@NullMarked
package org.vmcore.cli.prepare;

import org.jspecify.annotations.NullMarked;
