/**
 * Commands on the system at the time of the crash: its tasks, its modules.
 *
 * <p>Start with {@link org.vmcore.cli.system.ModulesCommand}. What only reads symbols, the log or
 * page tables is in {@code kernel}.
 */
@NullMarked
package org.vmcore.cli.system;

import org.jspecify.annotations.NullMarked;
