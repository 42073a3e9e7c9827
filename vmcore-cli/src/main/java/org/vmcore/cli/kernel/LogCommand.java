package org.vmcore.cli.kernel;

import java.util.List;
import java.util.function.Consumer;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.Levels;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.log.KernelLog;
import org.vmcore.kernel.log.LogRecord;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore log}. */
public final class LogCommand implements Subcommand {
  private final Frame frame = Frame.ofDump();
  private final Opt<Levels> levels =
      Opt.of(
          Levels.class,
          new Levels.Converter(),
          "LEVELS",
          "Only these: emerg, alert, crit, err, warn, notice, info, debug; several with commas"
              + " between, err+ for that and more severe ones, +err for that and less severe ones.",
          "--level");

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "log",
            "Print the kernel's log.",
            "The messages of the crashed kernel, in the form of vmcore-dmesg. What of the log can't"
                + " be read is told on stderr; where it is lost the exit status is 3. It is 1 when"
                + " there is no message, or none of these levels. Lines of a kernel before 3.5 are"
                + " printed as they are, with their level, <6>, in front. VMCOREINFO tells where"
                + " the log is: the dump's note, or else what is found of it in memory.");
    spec.aliases("dmesg");
    frame.addDumpTo(spec);
    levels.addTo(spec);
    frame.addOutputTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore log vmcore | tail",
        "  vmcore log --level err+ vmcore",
        "  vmcore dmesg --json vmcore | jq -r '.records[].text'");
  }

  @Override
  public Fields fields() {
    return LogJson.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    return frame.print(
        console, "log", vmcore -> new Log(Kernel.of(vmcore).log(), levels.or(Levels.ALL)));
  }

  /** The log of an open dump, written as the library tells it. */
  private static final class Log implements Report {
    private final KernelLog log;
    private final Levels levels;
    private List<Finding> gaps = List.of();
    private long count;
    private long shown;

    Log(KernelLog log, Levels levels) {
      this.log = log;
      this.levels = levels;
    }

    private void print(Consumer<LogRecord> out) throws VmcoreException {
      LeveledRecords records = new LeveledRecords(levels, out);
      gaps = log.records(records);
      count = records.count();
      shown = records.shown();
    }

    @Override
    public void json(Json json) throws VmcoreException {
      print(new LogJson(json));
      json.finish();
    }

    @Override
    public void text(TextOut out, OutputOptions output) throws VmcoreException {
      print(new LogLines(out));
    }

    @Override
    public void end(Ending ending) throws VmcoreException {
      for (Finding gap : gaps) {
        ending.gap("log: ", gap);
      }
      if (count == 0 && gaps.isEmpty()) {
        ending.nothing("the kernel's log is empty");
      }
      if (count > 0 && shown == 0) {
        ending.failed("no record of these levels");
      } else if (shown == 0) {
        ending.failed();
      }
    }
  }
}
