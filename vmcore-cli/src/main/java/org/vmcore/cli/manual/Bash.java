package org.vmcore.cli.manual;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.vmcore.cli.help.Names;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completion for bash: a table of what each command takes, and functions that look it up. */
final class Bash {
  private Bash() {}

  static String script(Shown vmcore) {
    Script table = new Script();
    for (Shown command : vmcore.all()) {
      String names =
          command.path().isEmpty() ? "''" : paths(command).collect(Collectors.joining(" | "));
      table.line("    ", names, ")");
      table.line("      options=", Script.quoted(options(command)));
      table.line("      arguments=", Script.quoted(arguments(command)));
      table.line("      commands=", Script.quoted(commands(command)));
      table.line("      ;;");
    }
    return ManualText.of("completion.bash")
        .replace("    # COMMANDS\n", table.toString())
        .replace("@COMMANDS@", commands(vmcore));
  }

  /** The words behind {@code vmcore} by which it is called, one of them its name. */
  private static Stream<String> paths(Shown command) {
    String path = command.path();
    int space = path.lastIndexOf(' ');
    String parent = space < 0 ? "" : path.substring(0, space + 1);
    return command.names().stream().map(name -> "'" + parent + name + "'");
  }

  private static String commands(Shown command) {
    return command.commands().stream()
        .flatMap(each -> each.names().stream())
        .collect(Collectors.joining(" "));
  }

  private static String options(Shown command) {
    return command.options().stream()
        .flatMap(
            option -> List.of(option.names()).stream().map(name -> option(command, option, name)))
        .collect(Collectors.joining(" "));
  }

  private static String option(Shown command, OptionSpec option, String name) {
    return option.arity().max() == 0 ? name : name + "=" + kind(command.offer(option));
  }

  private static String arguments(Shown command) {
    return command.arguments().stream()
        .map(argument -> argument(command, argument))
        .collect(Collectors.joining(" "));
  }

  /** An asterisk behind what may follow again and again. */
  private static String argument(Shown command, PositionalParamSpec argument) {
    boolean repeats = argument.index().isUnspecified() || argument.index().max() > 9;
    return kind(command.offer(argument)) + (repeats ? "*" : "");
  }

  private static String kind(Offer offer) {
    return switch (offer) {
      case Offer.Words words -> String.join(",", words.words());
      case Offer.Named(Names names) -> "@" + names;
      case Offer.Files() -> "@file";
      case Offer.Folders() -> "@folder";
      case Offer.Nothing() -> "@none";
    };
  }
}
