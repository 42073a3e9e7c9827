package org.vmcore.cli.remoteproc;

import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore devcoredump}: the commands on devices' dumps. */
public final class DevcoredumpCommand implements Subcommand {
  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "devcoredump",
            "Pick up devices' dumps from the running kernel.",
            "When a remote processor, a graphics or a wireless device fails, its driver may leave a"
                + " dump in /sys/class/devcoredump. It is gone after 5 minutes.");
    CommandSpec collect = new CollectCommand().spec();
    spec.addSubcommand(collect.name(), new CommandLine(collect).setExpandAtFiles(false));
    spec.usageMessage().synopsisSubcommandLabel("COMMAND").commandListHeading("%nCommands:%n");
    return Subcommand.finished(
        spec, "  vmcore devcoredump collect -o /var/crash", "  vmcore devcoredump collect --help");
  }

  @Override
  public int run(Console console) {
    throw new UsageException("Missing command: collect");
  }
}
