/**
 * Crash headers as the first kernel prepares them, and what it tells its crash kernel.
 *
 * <p>Start with {@link org.vmcore.prepare.CrashPreparation}. Its input is the text of /proc/iomem,
 * CPUs' notes and what VMCOREINFO tells.
 */
@NullMarked
package org.vmcore.prepare;

import org.jspecify.annotations.NullMarked;
