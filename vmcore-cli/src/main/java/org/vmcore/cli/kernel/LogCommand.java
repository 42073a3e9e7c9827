package org.vmcore.cli.kernel;

import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Fields;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore log}. */
public final class LogCommand implements Subcommand {
  private final Frame frame = Frame.ofDumps();
  private final LogOptions options = new LogOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "log",
            "Print the kernel's log.",
            "The messages of the crashed kernel, in the form of vmcore-dmesg; on a terminal errors"
                + " are red and warnings yellow (--color). What of the log can't be read is told on"
                + " stderr; where it is lost the exit status is 3. It is 1 when there is no message,"
                + " or none that is asked for. Lines of a kernel before 3.5 are printed as they are,"
                + " with their level, <6>, in front. VMCOREINFO tells where the log is: the dump's"
                + " note, or else what is found of it in memory. Of several dumps a line with the"
                + " file's name stands in front of each log.");
    spec.aliases("dmesg");
    frame.addDumpTo(spec);
    options.addTo(spec);
    frame.addOutputTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore log vmcore | tail",
        "  vmcore log --level err+ vmcore",
        "  vmcore log --follow-panic vmcore",
        "  vmcore log -T --since -10m vmcore",
        "  vmcore dmesg --json vmcore | jq -r '.records[].text'");
  }

  @Override
  public Fields fields() {
    return LogJson.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean isColored = console.isColored();
    Report.Of log = vmcore -> new LogReport(vmcore, options, isColored);
    return frame.areSeveral()
        ? frame.printEach(console, "log", _ -> log)
        : frame.print(console, "log", log);
  }
}
