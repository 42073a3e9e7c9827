package org.vmcore.kernel.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.kernel.log.KernelLog;
import org.vmcore.kernel.modules.LoadedModule;
import org.vmcore.kernel.modules.Modules;
import org.vmcore.kernel.oops.CodePlace;
import org.vmcore.kernel.oops.CrashKind;
import org.vmcore.kernel.oops.CrashLines;
import org.vmcore.kernel.oops.CrashReport;
import org.vmcore.kernel.oops.Fingerprint;
import org.vmcore.kernel.oops.TaskName;
import org.vmcore.kernel.reading.Gap;
import org.vmcore.kernel.system.SystemState;
import org.vmcore.kernel.system.Taints;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Puts a {@link Crash} together. What can't be had of one part leaves the others as they are. */
final class CrashReader {
  private static final int MAX_HARDWARE = 128;

  private final KernelLog log;
  private final Evidence evidence;
  private final Modules modules;
  private final SystemState system;
  private final List<Finding> gaps = new ArrayList<>();

  CrashReader(KernelLog log, Evidence evidence, Modules modules, SystemState system) {
    this.log = log;
    this.evidence = evidence;
    this.modules = modules;
    this.system = system;
  }

  Crash read() throws VmcoreException {
    CrashReport report = report();
    boolean isCrash = report.kind() != CrashKind.NONE;
    Optional<Task> panicked = isCrash ? panicked(report) : Optional.empty();
    CrashPlaces places = new CrashPlaces(evidence, report);
    CrashStacks stacks = new CrashStacks(evidence, report, places, gaps);
    Optional<CrashStack> own = isCrash ? stacks.panicking(panicked) : Optional.empty();
    Optional<Suspect> suspect = suspect(report, panicked, own);
    List<CrashStack> all = stacks.all(own, panicked, suspect);
    return new Crash(
        report,
        panicked.isPresent() ? panicked.get().cpu() : report.cpu(),
        panicked.isPresent() ? Optional.of(Evidence.name(panicked.get())) : report.task(),
        places.place(own),
        suspect.map(Suspect::guilty),
        taints(report),
        hardware(report),
        uptime(report),
        all,
        uninterruptible(),
        outOfTree(report),
        fingerprint(report, suspect, all, places.callers(report.frames())),
        withOthers());
  }

  /** Of types, tasks and modules only the first: struct, ps and modules tell them all. */
  private List<Finding> withOthers() {
    List<Finding> types = lostTypes();
    List<Finding> all = new ArrayList<>(gaps);
    addFirst(types, "struct", all);
    addFirst(evidence.tasks().gaps(), "ps", all);
    addFirst(modules.gaps(), "modules", all);
    return all;
  }

  /** Types that a kernel doesn't keep are no loss. */
  private List<Finding> lostTypes() {
    List<Finding> lost = new ArrayList<>();
    try {
      lost.addAll(evidence.objects().types().gaps());
    } catch (VmcoreException e) {
      gap("types", e);
    }
    lost.removeIf(gap -> gap.severity() != Finding.Severity.ERROR);
    return lost;
  }

  private static void addFirst(List<Finding> some, String command, List<Finding> all) {
    if (!some.isEmpty()) {
      Finding first = some.getFirst();
      String more = some.size() == 1 ? "" : "; " + (some.size() - 1) + " more: " + command;
      all.add(new Finding(first.check(), first.severity(), first.offset(), first.message() + more));
    }
  }

  private CrashReport report() {
    try {
      KernelLog.Summary summary = log.summary();
      gaps.addAll(summary.gaps());
      return summary.crash();
    } catch (VmcoreException e) {
      gap("the log", e);
      return new CrashLines().report();
    }
  }

  private void gap(String what, VmcoreException why) {
    gaps.add(Gap.of("crash", what, why));
  }

  /** What ran on the CPU that panicked, as memory has it. */
  private Optional<Task> panicked(CrashReport report) {
    try {
      OptionalInt cpu = evidence.tasks().crashedCpu();
      if (cpu.isEmpty() && report.isSurvived()) {
        return stillRunning(report);
      }
      if (cpu.isEmpty()) {
        cpu = report.cpu();
      }
      Optional<Task> task =
          cpu.isEmpty() ? Optional.empty() : evidence.tasks().current(cpu.getAsInt());
      if (task.isPresent() || report.task().isEmpty()) {
        return task;
      }
      return evidence.task(report.task().get());
    } catch (VmcoreException e) {
      gap("tasks, so the log alone tells who ran", e);
      return Optional.empty();
    }
  }

  /** What ran on the log's CPU, if that is still whom the log names. */
  private Optional<Task> stillRunning(CrashReport report) throws VmcoreException {
    OptionalInt cpu = report.cpu();
    Optional<Task> task =
        cpu.isEmpty() ? Optional.empty() : evidence.tasks().current(cpu.getAsInt());
    boolean isNamed =
        task.isPresent()
            && report.task().isPresent()
            && task.get().pid() == report.task().get().pid();
    return isNamed ? task : Optional.empty();
  }

  private Optional<Suspect> suspect(
      CrashReport report, Optional<Task> panicked, Optional<CrashStack> own) {
    List<CrashFrame> frames = own.isEmpty() ? List.of() : own.get().frames();
    try {
      return new GuiltySearch(evidence, report, panicked).find(frames);
    } catch (VmcoreException e) {
      gap("who is at fault, so the log alone tells", e);
      return GuiltySearch.byLog(report);
    }
  }

  /** The kernel's own word; else the letters of the log. */
  private Optional<Taints> taints(CrashReport report) throws VmcoreException {
    Optional<Taints> own = system.taints();
    return own.isPresent() ? own : report.taints().map(CrashReader::ofLetters);
  }

  private static Taints ofLetters(String letters) {
    long mask = 0;
    for (int bit = 0; bit < Long.SIZE; bit++) {
      Taints one = new Taints(1L << bit);
      mask |= letters.contains(one.letters()) ? one.mask() : 0;
    }
    return new Taints(mask);
  }

  private Optional<String> hardware(CrashReport report) throws VmcoreException {
    if (report.hardware().isPresent()) {
      return report.hardware();
    }
    OptionalLong name = evidence.objects().symbols().addressInKernel("dump_stack_arch_desc_str");
    String text =
        name.isEmpty() ? "" : evidence.objects().reader().text(name.getAsLong(), MAX_HARDWARE);
    return text.isEmpty() ? Optional.empty() : Optional.of(text.strip());
  }

  private OptionalLong uptime(CrashReport report) throws VmcoreException {
    OptionalLong own = system.uptime();
    return own.isPresent() ? own : report.nanoseconds();
  }

  private List<Task> uninterruptible() {
    List<Task> blocked = new ArrayList<>();
    try {
      for (Task task : evidence.tasks().all()) {
        if (task.state() == 'D') {
          blocked.add(task);
        }
      }
    } catch (VmcoreException e) {
      gap("tasks in D", e);
    }
    return blocked;
  }

  private List<String> outOfTree(CrashReport report) {
    List<String> names = new ArrayList<>();
    try {
      List<LoadedModule> all = modules.all();
      if (all.isEmpty() || all.getFirst().taints().isEmpty()) {
        return report.outOfTree();
      }
      for (LoadedModule module : all) {
        if (module.isOutOfTree()) {
          names.add(module.name());
        }
      }
    } catch (VmcoreException e) {
      gap("modules, so the log alone tells which are out of tree", e);
      return report.outOfTree();
    }
    return names;
  }

  private static Fingerprint fingerprint(
      CrashReport report,
      Optional<Suspect> suspect,
      List<CrashStack> stacks,
      List<CodePlace> ofLog) {
    boolean isOfLog = stacks.isEmpty() || stacks.getFirst().isOfLog();
    List<CodePlace> places = isOfLog ? List.of() : stacks.getFirst().places();
    Optional<TaskName> guilty =
        suspect.isEmpty() ? Optional.empty() : suspect.get().guilty().task();
    return Fingerprint.of(
        report.kind(),
        report.panic().orElse(""),
        guilty.isEmpty() ? "" : guilty.get().comm(),
        counts(report, places) ? places : ofLog);
  }

  /** Whether any of {@code places} counts, beside the kind: not if it is cut, or guessed. */
  private static boolean counts(CrashReport report, List<CodePlace> places) {
    return Fingerprint.of(report.kind(), "", "", places).inputs().size() > 1;
  }
}
