package org.vmcore.cli.crash;

import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.crash.Crash;
import org.vmcore.kernel.crash.CrashStack;
import org.vmcore.kernel.oops.CrashKind;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore crash}. */
public final class CrashCommand implements Subcommand {
  private static final String NAME = "crash";
  private static final String GROUPED = NAME + " --group-by";

  private final Frame frame = Frame.ofDumps();
  private final KernelOptions kernel = new KernelOptions();
  private final Opt<By> groupBy =
      Opt.choice(
          By.values(),
          "KEY",
          "Of several dumps: how many crashes there are of each fingerprint, when the first and the"
              + " last of them happened, on which kernels. KEY is fingerprint.",
          "--group-by");

  /** What crashes are grouped by. */
  private enum By {
    FINGERPRINT;

    @Override
    public String toString() {
      return "fingerprint";
    }
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            NAME,
            "Print what happened, where, and whose fault it was: the first minute.",
            "The kind of the crash, the line of the panic, where the kernel was, and who ran there;"
                + " who is at fault, who isn't always who panicked, and how that is known; their"
                + " stacks; the last messages before; tasks in state D, and modules that aren't of"
                + " the kernel's own sources. FINGERPRINT is equal for crashes of the same cause: a"
                + " hash of what stands behind it. What types (BTF), stacks or tasks don't tell the"
                + " log does, as far as it can; that is said on stderr. The exit status is 1 when"
                + " the log tells of no crash. Of several dumps, and of those in a folder, it prints"
                + " a table; --json has all, a line for each.");
    frame.addDumpTo(spec);
    groupBy.addTo(spec);
    kernel.addTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore crash vmcore",
        "  vmcore crash --group-by fingerprint /var/crash",
        "  vmcore crash --group-by fingerprint --json /var/crash | jq -r .fingerprint",
        "  vmcore crash --json vmcore | jq -r '.kind, .guilty.why'",
        "  vmcore crash --json vmcore | jq -r '.fingerprint_of[]' | sha256sum | cut -c1-16");
  }

  @Override
  public Fields fields() {
    return CrashJson.FIELDS;
  }

  @Override
  public Fields groupFields() {
    return CrashGroups.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    Report.Of minute = vmcore -> new FirstMinute(kernel.kernel(vmcore).crash());
    if (!frame.areTabulated(groupBy.isGiven())) {
      groupBy.requireEffect(false, "on RAM");
      return frame.print(console, NAME, minute);
    }
    if (groupBy.isGiven()) {
      return groups(console);
    }
    return frame.output().isJson()
        ? frame.printEach(console, NAME, _ -> minute)
        : frame.tabulate(console, new CrashTable(kernel));
  }

  /** What can't be had is told when it is met, the groups when all have been looked at. */
  private int groups(Console console) {
    boolean isJson = frame.output().isJson();
    CrashGroups groups = new CrashGroups();
    int status =
        frame.look(
            console,
            (vmcore, ending) -> CrashGroups.Seen.of(vmcore, kernel, ending),
            outcome -> {
              if (outcome.value().isPresent()) {
                groups.add(outcome.file().name(), outcome.value().get());
              } else {
                console.say(outcome.file().name(), outcome.reason());
              }
            });
    if (isJson) {
      groups.json(() -> frame.output().next(console, GROUPED));
    } else {
      groups.write(console.out(), frame.output());
    }
    return status;
  }

  /** The crash of an open dump. */
  private record FirstMinute(Crash crash) implements Report {
    @Override
    public void json(Json json) {
      new CrashJson(json).put(crash);
      json.finish();
    }

    @Override
    public void text(TextOut out, OutputOptions output) {
      new CrashText(out).write(crash);
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      for (Finding gap : crash.gaps()) {
        ending.gap("", gap);
      }
      for (CrashStack stack : crash.stacks()) {
        if (stack.brokenOff().isPresent()
            && stack.brokenOff().get().severity() == Finding.Severity.ERROR) {
          ending.damaged();
        }
      }
      if (crash.kind() == CrashKind.NONE) {
        ending.nothing("the log tells of no crash");
      }
    }
  }
}
