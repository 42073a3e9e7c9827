package org.vmcore.cli.manual;

import java.util.List;
import java.util.stream.Collectors;
import org.vmcore.cli.help.Names;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completion for fish: a line of {@code complete} for each command, option and argument. */
final class Fish {
  private static final String COMPLETE = "complete -c vmcore ";

  private Fish() {}

  static String script(Shown vmcore) {
    Script valued = new Script();
    Script groups = new Script();
    Script lines = new Script();
    for (Shown command : vmcore.all()) {
      valued(valued, command);
      if (!command.commands().isEmpty() && !command.path().isEmpty()) {
        groups.line("        case ", Script.quoted(command.path()), "\n            return 0");
      }
      lines.line("\n# vmcore ", command.path());
      command.commands().forEach(each -> command(lines, command, each));
      command.arguments().forEach(each -> argument(lines, vmcore, command, each));
      command.options().forEach(each -> option(lines, vmcore, command, each));
    }
    return ManualText.of("completion.fish")
        .replace("        # VALUED\n", valued.toString())
        .replace("        # GROUPS\n", groups.toString())
        .replace("# COMMANDS\n", lines.toString());
  }

  /** Options whose value may be the next word. */
  private static void valued(Script out, Shown command) {
    String names =
        command.options().stream()
            .filter(option -> option.arity().max() > 0)
            .flatMap(option -> List.of(option.names()).stream())
            .collect(Collectors.joining(" "));
    if (!names.isEmpty()) {
      out.line(
          "        case ", paths(command), "\n            string split ' ' -- ", quoted(names));
    }
  }

  private static String paths(Shown command) {
    String path = command.path();
    String parent = path.substring(0, path.lastIndexOf(' ') + 1);
    return path.isEmpty()
        ? "''"
        : command.names().stream()
            .map(name -> quoted(parent + name))
            .collect(Collectors.joining(" "));
  }

  private static String in(Shown command) {
    return "-n " + quoted("__vmcore_in " + paths(command).replace("'", "\""));
  }

  private static void command(Script out, Shown group, Shown command) {
    for (String name : command.names()) {
      String at =
          quoted(
              "__vmcore_at 1 " + (group.path().isEmpty() ? "''" : paths(group)).replace("'", "\""));
      out.line(COMPLETE, "-n ", at, " -a ", name, " -d ", quoted(command.does()));
    }
  }

  private static void argument(
      Script out, Shown vmcore, Shown command, PositionalParamSpec argument) {
    boolean repeats = argument.index().isUnspecified() || argument.index().max() > 9;
    String place = argument.index().isUnspecified() ? "1" : "" + (argument.index().min() + 1);
    String at = "__vmcore_at " + place + (repeats ? "+" : "") + " " + paths(command);
    String action = action(vmcore, command.offer(argument));
    if (!action.isEmpty()) {
      out.line(COMPLETE, "-n ", quoted(at.replace("'", "\"")), " ", action);
    }
  }

  private static void option(Script out, Shown vmcore, Shown command, OptionSpec option) {
    StringBuilder line = new StringBuilder(COMPLETE + in(command));
    for (String name : option.names()) {
      boolean isLong = name.startsWith("--");
      line.append(isLong ? " -l " : " -s ").append(name.substring(isLong ? 2 : 1));
    }
    if (option.arity().max() > 0) {
      String action = action(vmcore, command.offer(option));
      line.append(action.startsWith("-F") ? " -r " : " -x ").append(action);
    }
    out.line(line.toString().stripTrailing(), " -d ", quoted(Shown.summary(option)));
  }

  private static String action(Shown vmcore, Offer offer) {
    return switch (offer) {
      case Offer.Words words -> "-a " + quoted(String.join(" ", words.words()));
      case Offer.Named(Names names) ->
          names == Names.COMMANDS
              ? "-a "
                  + quoted(
                      vmcore.commands().stream()
                          .flatMap(each -> each.names().stream())
                          .collect(Collectors.joining(" ")))
              : "-a '(__vmcore_names " + names + ")'";
      case Offer.Files() -> "-F";
      case Offer.Folders() -> "-a '(__fish_complete_directories (__vmcore_word))'";
      case Offer.Nothing() -> "";
    };
  }

  /** fish knows two escapes between single quotes. */
  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
