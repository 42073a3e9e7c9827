package org.vmcore.cli.manual;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.help.Commands;
import org.vmcore.cli.help.HelpText;
import org.vmcore.cli.help.Mistake;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code vmcore man}. */
public final class ManCommand implements Subcommand {
  private final Supplier<CommandLine> vmcore;
  private final TextFiles files =
      new TextFiles("Write all pages into this folder, for man to find.");
  private final PositionalParamSpec command =
      PositionalParamSpec.builder()
          .index("0..1")
          .arity("0..2")
          .type(List.class)
          .auxiliaryTypes(String.class)
          .paramLabel("COMMAND")
          .description("The command; without it the page is that of vmcore itself.")
          .completionCandidates(Names.COMMANDS)
          .build();

  /** {@code vmcore} is the whole command line. */
  public ManCommand(Supplier<CommandLine> vmcore) {
    this.vmcore = vmcore;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "man",
            "Show a command's page of the manual.",
            "On a terminal as man shows it, if there is one; where there is none, the command's"
                + " help with all options. To anything else the page is written as it is, in roff,"
                + " for man -l - to show.");
    spec.addPositional(command);
    files.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore man convert",
        "  vmcore man devcoredump collect | man -l -",
        "  vmcore man -o /usr/local/share/man/man1");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    Shown shown = new Shown(vmcore.get());
    List<String> given = command.getValue();
    if (files.isGiven()) {
      if (given != null) {
        throw new UsageException("--output writes all pages: give no COMMAND with it");
      }
      Map<String, String> pages = new TreeMap<>();
      for (Shown each : shown.all()) {
        pages.put(ManPage.name(each) + ".1", page(each));
      }
      files.write(pages);
      return ExitStatus.OK;
    }
    for (String name : given == null ? List.<String>of() : given) {
      shown = below(shown, name);
    }
    Script.print(console, console.isOutTerminal() ? help(console, shown) : page(shown));
    return ExitStatus.OK;
  }

  private static Shown below(Shown command, String name) {
    Map<String, CommandLine> below = command.line().getSubcommands();
    return Optional.ofNullable(below.get(Commands.named(name)))
        .map(Shown::new)
        .orElseThrow(() -> new UsageException(Mistake.noCommand(name, below.keySet())));
  }

  private static String help(Console console, Shown command) {
    HelpText.layOut(command.line(), true, HelpText.columns(System.getenv("COLUMNS")));
    return command.line().getUsageMessage(console.ansi());
  }

  private static String page(Shown command) {
    String version = ManCommand.class.getPackage().getImplementationVersion();
    return ManPage.of(command, version == null ? "" : version);
  }
}
