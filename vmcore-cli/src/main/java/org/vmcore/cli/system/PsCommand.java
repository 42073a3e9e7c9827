package org.vmcore.cli.system;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Listing;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Row;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.tasks.Task;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore ps}. */
public final class PsCommand implements Subcommand {
  private static final String LETTERS = "RSDTtXZPIKW";

  private static final Fields TASK = new Fields();
  private static final Field PID = TASK.number("pid", "Its number.").titled("PID");
  private static final Field TGID =
      TASK.number("tgid", "The number of its process.").titled("TGID");
  private static final Field PPID =
      TASK.number("ppid", "The number of its parent process.").titled("PPID");
  private static final Field CPU =
      TASK.number("cpu", "The CPU on which it ran last.").titled("CPU").optional();
  private static final Field STATE =
      TASK.text(
              "state",
              "Its state, a letter as ps has it: R running or waiting for a CPU, S sleeping, D"
                  + " waiting for a disk or a lock, I idle, T stopped, Z ended.")
          .titled("ST");
  private static final Field COMM = TASK.text("comm", "Its name.");
  private static final Field ADDRESS =
      TASK.address("address", "Of its struct task_struct.").titled("TASK");
  private static final Field RUNNING = TASK.flag("running", "Whether it was a CPU's current task.");
  private static final Field KERNEL =
      TASK.flag("kernel", "Whether it has no user space: a kernel thread, or a CPU's idle task.");
  private static final Field MISSING =
      TASK.text(
              "missing_from",
              "What lacks it though it should have it, where the two differ: list, pid_table.")
          .titled("MISSING FROM")
          .oneOf("list", "pid_table")
          .optional();
  private static final Field DEPTH =
      TASK.number("depth", "How many parents above it are shown, with --tree.").optional();
  private static final Field MARK = TASK.column(">", "> before a task that was running.").wide(1);
  private static final Field NAME =
      TASK.column("COMMAND", "The name, in brackets where it has no user space.").wide(0);

  private static final Fields FIELDS = Fields.ofDump();
  private static final Field TASKS =
      FIELDS.records("tasks", TASK, "The tasks: idle ones first, then by pid.");

  private final Frame frame = Frame.ofDump();
  private final KernelOptions kernel = new KernelOptions();
  private final Opt<Boolean> threads =
      Opt.flag("Each thread of a process, not only its first one.", "--threads");
  private final Opt<Boolean> tree =
      Opt.flag("Children behind their parents, indented; threads behind their process.", "--tree");
  private final Opt<String> states =
      Opt.of(
          String.class, text -> text, "LETTERS", "Only tasks in these states: D, RD.", "--state");

  static {
    TASK.columns(MARK, PID, TGID, PPID, CPU, ADDRESS, STATE, MISSING, NAME);
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "ps",
            "Print the tasks.",
            "Processes, kernel threads (their names in brackets) and each CPU's idle task, pid 0; a >"
                + " stands before those that a CPU was running. Tasks are found by the kernel's lists"
                + " and by its table of pids: what one of them lacks, because it is damaged, is named"
                + " under MISSING FROM, and a line on stderr tells where it breaks off. The kernel's"
                + " types are needed: from BTF in the dump, or --btf.");
    frame.addDumpTo(spec);
    threads.addTo(spec);
    tree.addTo(spec);
    states.addTo(spec);
    kernel.addTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore ps vmcore",
        "  vmcore ps --tree --threads vmcore",
        "  vmcore ps --state D vmcore",
        "  vmcore ps --json vmcore | jq '.tasks[] | select(.running)'");
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    for (char letter : states.or("R").toCharArray()) {
      if (LETTERS.indexOf(letter) < 0) {
        throw new UsageException(
            "Invalid value for --state: '" + letter + "' is none of " + LETTERS);
      }
    }
    if (states.or("R").isEmpty()) {
      throw new UsageException("Invalid value for --state: it is empty");
    }
    return frame.print(console, "ps", vmcore -> listing(kernel.kernel(vmcore)));
  }

  private TaskListing listing(Kernel of) throws VmcoreException {
    List<Task> shown = new ArrayList<>();
    for (Task task : of.tasks().all()) {
      boolean isWanted = threads.isGiven() || !task.isThread();
      if (isWanted && states.or("" + task.state()).indexOf(task.state()) >= 0) {
        shown.add(task);
      }
    }
    return new TaskListing(of, tree.isGiven() ? TaskTree.of(shown) : TaskTree.flat(shown));
  }

  /** The tasks of a kernel. */
  private record TaskListing(Kernel kernel, TaskTree tasks) implements Listing {
    @Override
    public Field list() {
      return TASKS;
    }

    @Override
    public void records(Row row) {
      for (TaskTree.Node node : tasks.nodes()) {
        Task task = node.task();
        row.set(MARK, task.isRunning() ? ">" : " ").set(RUNNING, task.isRunning());
        row.set(PID, task.pid()).set(TGID, task.tgid()).set(PPID, task.ppid());
        row.set(STATE, String.valueOf(task.state())).set(ADDRESS, task.address());
        row.set(COMM, task.comm()).set(KERNEL, task.isKernelThread());
        if (task.cpu().isPresent()) {
          row.set(CPU, task.cpu().getAsInt());
        }
        missing(row, task);
        if (tasks.isTree()) {
          row.set(DEPTH, node.depth());
        }
        row.set(NAME, name(node)).end();
      }
    }

    private static void missing(Row row, Task task) {
      switch (task.found()) {
        case LIST -> row.set(MISSING, "pid_table");
        case PID_TABLE -> row.set(MISSING, "list");
        case EVERYWHERE, CPU -> {}
      }
    }

    private static String name(TaskTree.Node node) {
      String comm = node.task().comm();
      String name = node.task().isKernelThread() ? "[" + comm + "]" : comm;
      return "  ".repeat(node.depth()) + name;
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      Gaps.tell(ending, kernel.symbols().gaps());
      Gaps.tell(ending, kernel.types().gaps());
      Gaps.tell(ending, kernel.tasks().gaps());
      if (tasks.nodes().isEmpty()) {
        ending.nothing("no task is in such a state");
      }
    }
  }
}
