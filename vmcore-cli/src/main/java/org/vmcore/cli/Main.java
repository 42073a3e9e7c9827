package org.vmcore.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmcore.cli.command.BuildCommand;
import org.vmcore.cli.command.ChunksCommand;
import org.vmcore.cli.command.ExtractCommand;
import org.vmcore.cli.command.PagesCommand;
import org.vmcore.cli.command.ReadCommand;
import org.vmcore.cli.command.SegmentsCommand;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.command.VerifyCommand;
import org.vmcore.cli.convert.ConvertCommand;
import org.vmcore.cli.coresight.CoresightCommand;
import org.vmcore.cli.crash.CrashCommand;
import org.vmcore.cli.debuginfo.DebuginfoCommand;
import org.vmcore.cli.find.SearchCommand;
import org.vmcore.cli.gdb.CoreCommand;
import org.vmcore.cli.gdb.GdbCommand;
import org.vmcore.cli.help.Commands;
import org.vmcore.cli.help.HelpText;
import org.vmcore.cli.help.Mistake;
import org.vmcore.cli.info.InfoCommand;
import org.vmcore.cli.kernel.LogCommand;
import org.vmcore.cli.kernel.SymbolCommand;
import org.vmcore.cli.kernel.TranslateCommand;
import org.vmcore.cli.manual.CompletionCommand;
import org.vmcore.cli.manual.ManCommand;
import org.vmcore.cli.manual.NamesCommand;
import org.vmcore.cli.map.MapCommand;
import org.vmcore.cli.note.NotesCommand;
import org.vmcore.cli.note.VmcoreinfoCommand;
import org.vmcore.cli.option.CommonOptions;
import org.vmcore.cli.option.Inputs;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Guarded;
import org.vmcore.cli.prepare.PrepareCommand;
import org.vmcore.cli.remoteproc.DevcoredumpCommand;
import org.vmcore.cli.remoteproc.RemoteprocCommand;
import org.vmcore.cli.stack.BtCommand;
import org.vmcore.cli.system.ModulesCommand;
import org.vmcore.cli.system.PsCommand;
import org.vmcore.cli.type.TypeCommand;
import org.vmcore.cli.walk.ListCommand;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The command {@code vmcore}. */
public final class Main {
  static final String NAME = "vmcore";

  /** Every command, in the order of the help. */
  private static final String[] COMMANDS = {
    "info",
    "crash",
    "segments",
    "chunks",
    "notes",
    "vmcoreinfo",
    "read",
    "extract",
    "search",
    "pages",
    "map",
    "verify",
    "log",
    "symbol",
    "type",
    "translate",
    "ps",
    "modules",
    "bt",
    "list",
    "remoteproc",
    "coresight",
    "gdb",
    "core",
    "convert",
    "debuginfo",
    "build",
    "prepare",
    "devcoredump",
    "completion",
    "man"
  };

  static {
    Picocli.leaveOut();
  }

  private Main() {}

  /** A command, made only when it is asked for: start-up is short because of it. */
  private static @Nullable Subcommand command(String name) {
    return switch (name) {
      case "info" -> new InfoCommand();
      case "crash" -> new CrashCommand();
      case "segments" -> new SegmentsCommand();
      case "chunks" -> new ChunksCommand();
      case "notes" -> new NotesCommand();
      case "vmcoreinfo" -> new VmcoreinfoCommand();
      case "read" -> new ReadCommand();
      case "extract" -> new ExtractCommand();
      case "search" -> new SearchCommand();
      case "pages" -> new PagesCommand();
      case "map" -> new MapCommand();
      case "verify" -> new VerifyCommand();
      case "log", "dmesg" -> new LogCommand();
      case "symbol" -> new SymbolCommand();
      case "bt" -> new BtCommand();
      case "type" -> new TypeCommand();
      case "convert" -> new ConvertCommand();
      case "debuginfo" -> new DebuginfoCommand();
      case "build" -> new BuildCommand();
      case "prepare" -> new PrepareCommand();
      case "translate" -> new TranslateCommand();
      case "ps" -> new PsCommand();
      case "modules" -> new ModulesCommand();
      case "list" -> new ListCommand();
      case "devcoredump" -> new DevcoredumpCommand();
      case "remoteproc" -> new RemoteprocCommand();
      case "coresight" -> new CoresightCommand();
      case "core" -> new CoreCommand();
      case "gdb" -> new GdbCommand();
      case "completion" -> new CompletionCommand(Main::commandLine);
      case "man" -> new ManCommand(Main::commandLine);
      case "names" -> new NamesCommand();
      default -> null;
    };
  }

  /**
   * Runs one command line and ends the process.
   *
   * @param args the arguments
   */
  public static void main(String... args) {
    int status = run(Console.ofProcess(CommonOptions.color(args), CommonOptions.debug(args)), args);
    if (status != ExitStatus.OK) {
      System.exit(status);
    }
  }

  /** Runs one command line and gives its exit status. */
  static int run(OutputStream out, PrintStream err, String... args) {
    return run(Console.of(out, err, CommonOptions.color(args), CommonOptions.debug(args)), args);
  }

  /** Runs one command line on {@code console}. */
  static int run(Console console, String... args) {
    return console.finish(Guarded.run(console, () -> execute(console, args)));
  }

  private static int execute(Console console, String... args) throws VmcoreException {
    String command = NAME;
    try {
      CommandLine line = commandLine(console, plain(args));
      ParseResult parsed =
          line.parseArgs(plain(console.isProcess() ? Arguments.exact(args) : args));
      ParseResult chosen = parsed;
      boolean isHelp = isHelp(parsed);
      while (chosen.hasSubcommand()) {
        chosen = chosen.subcommand();
        isHelp |= isHelp(chosen);
      }
      command = chosen.commandSpec().qualifiedName();
      if (isHelp) {
        HelpText.layOut(line, CommonOptions.allHelp(args), columns(console));
        return help(console, line, parsed);
      }
      if (chosen.commandSpec().userObject() instanceof Subcommand subcommand) {
        requireOtherStdout(console, chosen.commandSpec());
        return subcommand.run(console);
      }
      console.usage("Missing command", NAME);
    } catch (ParameterException e) {
      console.usage(
          Mistake.of(e, List.of(plain(args)), names()),
          e.getCommandLine().getCommandSpec().qualifiedName());
    } catch (UsageException e) {
      console.usage(String.valueOf(e.getMessage()), command);
    }
    return ExitStatus.USAGE;
  }

  /** Refuses to print into a file that is read. */
  private static void requireOtherStdout(Console console, CommandSpec command)
      throws VmcoreException {
    Optional<Path> input = console.isProcess() ? Inputs.of(command).stdout() : Optional.empty();
    if (input.isPresent()) {
      console.answerNothing();
      throw VmcoreException.of(input.get().toString(), "is stdout, too: not written into");
    }
  }

  /** The names of all commands. */
  private static List<String> names() {
    List<String> names = new ArrayList<>(List.of(COMMANDS));
    names.add("help");
    return names;
  }

  /** How wide the terminal is, as its shell or the launcher tells. */
  private static int columns(Console console) {
    return HelpText.columns(console.isProcess() ? System.getenv("COLUMNS") : null);
  }

  /**
   * The arguments with a command's own name, where it is crash's that is given, and without what
   * picocli doesn't take: {@code help A B}, of which it would see A alone, and a value of --help.
   */
  private static String[] plain(String... args) {
    String[] plain = args.clone();
    boolean isHelp = args.length > 1 && args[0].equals("help");
    int at = isHelp ? 1 : 0;
    if (args.length > at) {
      plain[at] = Commands.named(args[at]);
    }
    CommonOptions.takeHelpAll(plain);
    boolean isNested = isHelp && args.length == 3 && !args[2].startsWith("-");
    return isNested ? new String[] {plain[1], plain[2], "--help"} : plain;
  }

  private static CommandLine commandLine(Console console, String... args) {
    String first = args.length == 0 ? "" : args[0];
    Subcommand known = command(first);
    if (known != null) {
      CommandSpec spec = known.spec();
      CommandLine nested = args.length > 1 ? spec.subcommands().get(args[1]) : null;
      owe(console, nested == null ? spec : nested.getCommandSpec(), args);
      return line(root().addSubcommand(spec.name(), spec));
    }
    if (!first.isEmpty() && !first.startsWith("-") && !first.equals("help")) {
      throw new UsageException(Mistake.noCommand(first, names()));
    }
    return commandLine();
  }

  /** From now on stdout gets JSON, if {@code command} has it and it is asked for. */
  private static void owe(Console console, CommandSpec command, String... args) {
    if (CommonOptions.json(args)
        && command.userObject() instanceof Subcommand asked
        && !asked.fields().all().isEmpty()) {
      console.answerInJson(command.qualifiedName(), CommonOptions.pretty(args));
    }
  }

  /**
   * The whole command line, for help, completion and man pages.
   *
   * @return every command
   */
  public static CommandLine commandLine() {
    CommandSpec root = root();
    for (String name : COMMANDS) {
      Subcommand command = command(name);
      if (command != null) {
        root.addSubcommand(name, command.spec());
      }
    }
    return line(root).addSubcommand(new HelpCommand());
  }

  /** A file's name may begin with an @: it isn't a file of options. */
  private static CommandLine line(CommandSpec root) {
    return new CommandLine(root).setExpandAtFiles(false);
  }

  private static CommandSpec root() {
    CommandSpec root =
        CommandSpec.create().name(NAME).versionProvider(new Version()).addOption(version());
    CommonOptions.addTo(root);
    root.usageMessage()
        .descriptionHeading("%n")
        .description(
            "Opens Linux kernel crash dumps.",
            "",
            "A dump of whatever format is shown as the crash kernel's /proc/vmcore shows it.")
        .synopsisSubcommandLabel("COMMAND")
        .sortOptions(false)
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n")
        .exitCodeListHeading("%nExit status:%n")
        .exitCodeList(exitStatus())
        .footerHeading("%nExamples:%n")
        .footer(
            "  vmcore info /var/crash/vmcore",
            "  vmcore read --phys 0x1000 --length 4KiB vmcore",
            "  vmcore help read");
    return root;
  }

  private static OptionSpec version() {
    return OptionSpec.builder("-V", "--version")
        .versionHelp(true)
        .arity("0")
        .description("Print the version, and what dumps it can read.")
        .build();
  }

  private static Map<String, String> exitStatus() {
    Map<String, String> list = new LinkedHashMap<>();
    list.put("0", "done");
    list.put("1", "failed, or nothing found");
    list.put("2", "wrong usage");
    list.put("3", "damaged: bytes of the dump are lost");
    list.put("129", "ended by the signal HUP");
    list.put("130", "interrupted: the signal INT");
    list.put("141", "nobody reads the output any more");
    list.put("143", "ended by the signal TERM");
    return list;
  }

  private static boolean isHelp(ParseResult chosen) {
    return chosen.isUsageHelpRequested()
        || chosen.isVersionHelpRequested()
        || chosen.commandSpec().helpCommand();
  }

  private static int help(Console console, CommandLine line, ParseResult parsed) {
    StringWriter text = new StringWriter();
    line.setOut(new PrintWriter(text));
    line.setColorScheme(Help.defaultColorScheme(console.ansi()));
    Integer status = CommandLine.executeHelpRequest(parsed);
    console.out().bytes(text.toString().getBytes(StandardCharsets.UTF_8));
    return status == null ? ExitStatus.OK : status;
  }
}
