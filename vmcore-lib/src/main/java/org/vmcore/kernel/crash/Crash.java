package org.vmcore.kernel.crash;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.kernel.log.KernelLog;
import org.vmcore.kernel.modules.Modules;
import org.vmcore.kernel.objects.KernelObjects;
import org.vmcore.kernel.oops.CrashKind;
import org.vmcore.kernel.oops.CrashReport;
import org.vmcore.kernel.oops.Fingerprint;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.stacks.Stacks;
import org.vmcore.kernel.system.SystemState;
import org.vmcore.kernel.system.Taints;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.kernel.tasks.Tasks;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Described;

/**
 * What an engineer asks first of a crash.
 *
 * @param report what the log tells
 * @param cpu the CPU that panicked
 * @param task that ran on it
 * @param ip where the fault is: the instruction that faulted, that a CPU is stuck at, or that
 *     called {@code panic()}
 * @param guilty who is at fault; empty of a crash that somebody asked for, and where nothing tells
 * @param taints what tainted the kernel
 * @param hardware the machine's name
 * @param uptime in nanoseconds
 * @param stacks that of the guilty task, then, where it is another, that of the CPU that panicked
 * @param uninterruptible the tasks that were in state D
 * @param outOfTree the modules that weren't built from the kernel's own sources
 * @param fingerprint what it has in common with others of its cause
 * @param gaps what couldn't be had, and what the log alone tells therefore
 */
public record Crash(
    CrashReport report,
    OptionalInt cpu,
    Optional<TaskName> task,
    Optional<CrashFrame> ip,
    Optional<Guilty> guilty,
    Optional<Taints> taints,
    Optional<String> hardware,
    OptionalLong uptime,
    List<CrashStack> stacks,
    List<Task> uninterruptible,
    List<String> outOfTree,
    Fingerprint fingerprint,
    List<Finding> gaps) {
  /** Unmodifiable copies of the lists are kept. */
  public Crash {
    stacks = List.copyOf(stacks);
    uninterruptible = List.copyOf(uninterruptible);
    outOfTree = List.copyOf(outOfTree);
    gaps = List.copyOf(gaps);
  }

  /**
   * Reads it, for {@code Kernel} alone, which gives each kernel's.
   *
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static Crash of(
      KernelLog log,
      KernelObjects objects,
      Tasks tasks,
      Modules modules,
      SystemState system,
      Stacks stacks)
      throws VmcoreException {
    return new CrashReader(log, Evidence.of(objects, tasks, stacks), modules, system).read();
  }

  /** What kind of crash it is. */
  public CrashKind kind() {
    return report.kind();
  }

  /** The line of the log that tells of it. */
  public Optional<String> panic() {
    return report.panic();
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("Crash")
        .add("report", report)
        .add("cpu", cpu)
        .add("task", task)
        .add("ip", ip)
        .add("guilty", guilty)
        .add("taints", taints)
        .add("hardware", hardware)
        .add("uptime", uptime)
        .add("stacks", stacks)
        .add("uninterruptible", uninterruptible)
        .add("outOfTree", outOfTree)
        .add("fingerprint", fingerprint)
        .add("gaps", gaps)
        .toString();
  }
}
