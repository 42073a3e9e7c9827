package org.vmcore.cli.info;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.oops.CrashReport;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.system.LoadAverage;
import org.vmcore.kernel.system.SystemState;
import org.vmcore.kernel.system.Taints;
import org.vmcore.memory.VmcoreException;

/**
 * What {@code vmcore info} tells of the system at the time of the crash. It is had from single
 * variables and from the log, for the kernel's types take longer to read than all else.
 */
final class SystemFacts {
  private static final long SECOND = 1_000_000_000L;

  /** Of nothing. */
  static final SystemFacts NONE = new SystemFacts();

  private OptionalInt cpu = OptionalInt.empty();
  private Optional<TaskName> task = Optional.empty();
  private OptionalLong uptime = OptionalLong.empty();
  private Optional<LoadAverage> load = Optional.empty();
  private Optional<String> taints = Optional.empty();
  private OptionalLong total = OptionalLong.empty();

  private SystemFacts() {}

  /** Those of {@code kernel}, in whose log {@code crash} stands. */
  static SystemFacts of(Kernel kernel, Optional<CrashReport> crash, long pageSize)
      throws VmcoreException {
    SystemFacts facts = new SystemFacts();
    facts.crash(kernel.tasks().crashedCpu(), crash);
    SystemState system = kernel.system();
    OptionalLong uptime = system.uptime();
    boolean isByLog = uptime.isEmpty() && crash.isPresent();
    facts.uptime = isByLog ? crash.get().nanoseconds() : uptime;
    facts.load = system.load();
    facts.taints = system.taints().map(Taints::letters);
    if (facts.taints.isEmpty() && crash.isPresent() && crash.get().taints().isPresent()) {
      facts.taints = Optional.of(crash.get().taints().get().replace("G", "")); // which is for no P
    }
    OptionalLong pages = system.totalPages();
    if (pages.isPresent() && pages.getAsLong() <= Long.MAX_VALUE / pageSize) {
      facts.total = OptionalLong.of(pages.getAsLong() * pageSize);
    }
    return facts;
  }

  /** The log names the task of the CPU that it tells of. */
  private void crash(OptionalInt panicked, Optional<CrashReport> crash) {
    cpu = panicked;
    if (crash.isPresent() && (cpu.isEmpty() || cpu.equals(crash.get().cpu()))) {
      cpu = crash.get().cpu();
      task = crash.get().task();
    }
  }

  void json(Json json) {
    if (cpu.isPresent()) {
      json.put(InfoFields.CRASHED_CPU, cpu.getAsInt());
    }
    if (task.isPresent()) {
      json.object(InfoFields.CRASHED_TASK).put(InfoFields.PID, task.get().pid());
      json.put(InfoFields.COMM, task.get().comm()).end();
    }
    if (uptime.isPresent()) {
      json.put(InfoFields.UPTIME, uptime.getAsLong());
    }
    if (load.isPresent()) {
      json.put(InfoFields.LOAD, load.get().toString());
    }
    if (taints.isPresent()) {
      json.put(InfoFields.TAINTS, taints.get());
    }
    if (total.isPresent()) {
      json.put(InfoFields.MEMORY_TOTAL, total.getAsLong());
    }
  }

  void text(TextOut out) {
    if (cpu.isPresent()) {
      InfoCommand.key(out, InfoFields.CRASHED_CPU).text("CPU ").decimal(cpu.getAsInt());
      if (task.isPresent()) {
        out.text(", ").text(task.get().toString());
      }
      out.line();
    }
    if (uptime.isPresent()) {
      InfoCommand.key(out, InfoFields.UPTIME).line(duration(uptime.getAsLong() / SECOND));
    }
    if (load.isPresent()) {
      InfoCommand.key(out, InfoFields.LOAD).line(load.get().toString());
    }
    if (taints.isPresent()) {
      String letters = taints.get();
      InfoCommand.key(out, InfoFields.TAINTS).line(letters.isEmpty() ? "none" : letters);
    }
    if (total.isPresent()) {
      InfoCommand.key(out, InfoFields.MEMORY_TOTAL).line(HumanSize.of(total.getAsLong()));
    }
  }

  /** As crash has it: {@code 3 days, 01:02:03}. */
  private static String duration(long seconds) {
    long days = seconds / 86_400;
    String time = two(seconds / 3600 % 24) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
    return days == 0 ? time : days + (days == 1 ? " day, " : " days, ") + time;
  }

  private static String two(long number) {
    return number < 10 ? "0" + number : String.valueOf(number);
  }
}
