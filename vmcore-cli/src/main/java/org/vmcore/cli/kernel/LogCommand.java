package org.vmcore.cli.kernel;

import java.util.List;
import java.util.function.Consumer;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.DumpOptions;
import org.vmcore.cli.option.Levels;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Json;
import org.vmcore.io.Finding;
import org.vmcore.io.VmcoreException;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.KernelLog;
import org.vmcore.kernel.LogRecord;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore log}. */
public final class LogCommand implements Subcommand {
  private final DumpOptions dump = new DumpOptions();
  private final OutputOptions output = new OutputOptions();
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
                + " there is no message, or none of these levels. VMCOREINFO tells where the log is: the"
                + " dump's note, or else what is found of it in memory.");
    spec.aliases("dmesg");
    dump.addTo(spec);
    levels.addTo(spec);
    output.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore log vmcore | tail",
        "  vmcore log --level err+ vmcore",
        "  vmcore dmesg --json vmcore | jq -r '.records[].text'");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean isJson = output.isJson();
    try (Vmcore vmcore = dump.open(console)) {
      KernelLog log = Kernel.of(vmcore).log();
      if (!isJson) {
        LeveledRecords records = leveled(new LogLines(console.out()));
        return status(console, vmcore, log.records(records), records);
      }
      Json json = output.document(console, "log", vmcore);
      LeveledRecords records = leveled(new LogJson(json.array("records")));
      List<Finding> gaps;
      try {
        gaps = log.records(records);
      } finally {
        json.finish();
      }
      return status(console, vmcore, gaps, records);
    }
  }

  private LeveledRecords leveled(Consumer<LogRecord> out) {
    return new LeveledRecords(levels.or(Levels.ALL), out);
  }

  private static int status(
      Console console, Vmcore vmcore, List<Finding> gaps, LeveledRecords records)
      throws VmcoreException {
    boolean isDamaged = false;
    for (Finding gap : gaps) {
      console.say(vmcore.name(), "log: " + gap.message());
      isDamaged |= gap.severity() == Finding.Severity.ERROR;
    }
    if (records.count() == 0 && gaps.isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "the kernel's log is empty");
    }
    if (records.count() > 0 && records.shown() == 0) {
      console.say(vmcore.name(), "no record of these levels");
    }
    return isDamaged
        ? ExitStatus.DAMAGED
        : records.shown() == 0 ? ExitStatus.FAILED : ExitStatus.OK;
  }
}
