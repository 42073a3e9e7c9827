package org.vmcore.cli.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.stacks.Stack;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.Finding;
import org.vmcore.memory.Finding.Severity;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore bt}. */
public final class BtCommand implements Subcommand {
  private static final Fields FIELDS = Fields.ofDump();
  private static final Field STACKS =
      StackJson.addTo(FIELDS, "Of the task that crashed, or of those asked for.");

  private final Frame frame = Frame.ofDump();
  private final Opt<Boolean> allCpus =
      Opt.flag("The stacks of the tasks that the CPUs ran.", "--all-cpus");
  private final Opt<Boolean> all = Opt.flag("The stacks of all tasks.", "--all");
  private final Opt<List<Long>> pids =
      Opt.list(
          Long.class,
          Numbers::parse,
          "N",
          "The stack of the task of this number; may be given several times.",
          "--pid");
  private final Opt<List<Long>> tasks =
      Opt.list(
          Long.class,
          new Numbers.Address(),
          "ADDR",
          "The stack of the task whose struct task_struct is there; may be given several times.",
          "--task");
  private final KernelOptions kernelOptions = new KernelOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "bt",
            "Print the kernel stack of the task that crashed, or of others.",
            "Stacks are unwound by what the dump itself holds, the kernel's ORC tables (x86_64),"
                + " frame records (arm64) or the chain of frames (riscv64, ppc64, s390x). A frame is the address where it was interrupted, or to"
                + " which a call returns, and the function and module there; functions that the"
                + " compiler put into others have none. Where a stack was interrupted its registers"
                + " follow. A ? marks what is not certain. Where a stack breaks off, or isn't found,"
                + " the exit status is 3 when it is damaged and 1 when the dump lacks what it takes.");
    frame.addDumpTo(spec);
    allCpus.addTo(spec);
    all.addTo(spec);
    pids.addTo(spec);
    tasks.addTo(spec);
    kernelOptions.addTo(spec);
    frame.addOutputTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore bt vmcore",
        "  vmcore bt --all-cpus vmcore",
        "  vmcore bt --pid 1 --pid 2 vmcore",
        "  vmcore bt --all --json vmcore | jq '.stacks[] | .frames[0].symbol'");
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    frame.output().check();
    boolean isByTask = pids.isGiven() || tasks.isGiven();
    if ((all.isGiven() && allCpus.isGiven())
        || (isByTask && (all.isGiven() || allCpus.isGiven()))) {
      throw new UsageException("Give one of --all, --all-cpus, and --pid or --task");
    }
    return frame.print(console, "bt", this::report);
  }

  private Report report(Vmcore vmcore) throws VmcoreException {
    Kernel kernel = kernelOptions.kernel(vmcore);
    List<String> missing = new ArrayList<>();
    return new Stacks(kernel, stacks(kernel, missing), missing, all.isGiven() || allCpus.isGiven());
  }

  private List<Stack> stacks(Kernel kernel, List<String> missing) throws VmcoreException {
    if (allCpus.isGiven()) {
      return kernel.stacks().ofCpus();
    }
    List<Stack> stacks = new ArrayList<>();
    if (all.isGiven()) {
      add(kernel, kernel.tasks().all(), stacks);
    } else if (pids.isGiven() || tasks.isGiven()) {
      asked(kernel, stacks, missing);
    } else {
      Optional<Stack> crashed = kernel.stacks().crashed();
      if (crashed.isPresent()) {
        stacks.add(crashed.get());
      }
    }
    return stacks;
  }

  private void asked(Kernel kernel, List<Stack> stacks, List<String> missing)
      throws VmcoreException {
    for (long pid : pids.or(List.of())) {
      List<Task> found = kernel.tasks().withPid((int) Math.min(pid, Integer.MAX_VALUE));
      add(kernel, found, stacks);
      if (found.isEmpty()) {
        missing.add("no task has the pid " + pid);
      }
    }
    for (long address : tasks.or(List.of())) {
      Optional<Task> found = kernel.tasks().at(address);
      add(kernel, found.stream().toList(), stacks);
      if (found.isEmpty()) {
        missing.add("no task is at " + Hex.of(address));
      }
    }
  }

  private static void add(Kernel kernel, List<Task> tasks, List<Stack> stacks)
      throws VmcoreException {
    for (Task task : tasks) {
      stacks.add(kernel.stacks().of(task));
    }
  }

  /**
   * The stacks of an open dump.
   *
   * @param missing what was asked for and isn't there
   * @param isOfMany whether tasks that can't be had may be missing, too
   */
  private record Stacks(Kernel kernel, List<Stack> stacks, List<String> missing, boolean isOfMany)
      implements Report {
    @Override
    public void json(Json json) {
      StackJson.put(json, STACKS, stacks);
      json.finish();
    }

    @Override
    public void text(TextOut out, OutputOptions output) {
      for (int i = 0; i < stacks.size(); i++) {
        if (i > 0) {
          out.line();
        }
        StackText.write(out, stacks.get(i));
      }
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      for (String line : missing) {
        ending.failed(line);
      }
      if (isOfMany || stacks.isEmpty()) {
        for (Finding gap : kernel.types().gaps()) {
          ending.gap("", gap);
        }
        for (Finding gap : kernel.tasks().gaps()) {
          ending.gap("", gap);
        }
      }
      for (Stack stack : stacks) {
        Optional<Finding> broken = stack.brokenOff();
        if (broken.isPresent() && broken.get().severity() == Severity.ERROR) {
          ending.damaged();
        } else if (broken.isPresent()) {
          ending.failed();
        }
      }
      if (stacks.isEmpty() && missing.isEmpty()) {
        ending.nothing(
            "nothing tells which task crashed: --all-cpus shows those that ran, --all all of them");
      }
    }
  }
}
