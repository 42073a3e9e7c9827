package org.vmcore.kernel.crash;

import java.util.Optional;
import java.util.OptionalInt;
import org.vmcore.kernel.oops.TaskName;

/**
 * Who is at fault, as far as the dump tells.
 *
 * @param cpu on which it ran, or runs
 * @param task empty where it is no task's fault: the handler of an interrupt, the hardware
 * @param why how that is known, in a line
 * @param isCertain whether the kernel itself keeps who it is; else it is what speaks most for it
 */
public record Guilty(OptionalInt cpu, Optional<TaskName> task, String why, boolean isCertain) {}
