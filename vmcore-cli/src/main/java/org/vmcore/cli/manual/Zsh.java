package org.vmcore.cli.manual;

import java.util.ArrayList;
import java.util.List;
import org.vmcore.cli.help.Names;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Completion for zsh: a function of _arguments for each command. */
final class Zsh {
  private Zsh() {}

  static String script(Shown vmcore) {
    Script functions = new Script();
    for (Shown command : vmcore.all()) {
      function(functions, command);
    }
    return ManualText.of("completion.zsh").replace("# COMMANDS\n", functions.toString());
  }

  private static String function(Shown command) {
    return command.path().isEmpty() ? "_vmcore" : "_vmcore_" + command.path().replace(' ', '_');
  }

  private static void function(Script out, Shown command) {
    List<String> specs = new ArrayList<>();
    for (OptionSpec option : command.options()) {
      specs.addAll(option(command, option));
    }
    List<Shown> below = command.commands();
    if (below.isEmpty()) {
      for (PositionalParamSpec argument : command.arguments()) {
        specs.add(argument(command, argument));
      }
    } else {
      specs.add("'1:command:->command'");
      specs.add("'*::argument:->argument'");
    }
    out.line(function(command), "() {");
    out.line("  local curcontext=$curcontext state state_descr line");
    out.line("  typeset -A opt_args");
    if (command.path().isEmpty()) {
      out.line("  local vmcore_program=$words[1]");
    }
    // behind a command all words are its own
    out.line("  _arguments -s -S -C ", below.isEmpty() ? "" : "-A '-*' ", "\\");
    out.line("    ", String.join(" \\\n    ", specs), below.isEmpty() ? "" : " && return");
    if (!below.isEmpty()) {
      below(out, function(command), below);
    }
    out.line("}").line();
    if (!below.isEmpty()) {
      list(out, function(command), below);
    }
  }

  private static void list(Script out, String function, List<Shown> commands) {
    out.line(function, "_commands() {");
    out.line("  local -a commands=(");
    for (Shown command : commands) {
      for (String name : command.names()) {
        out.line("    ", Script.quoted(name + ":" + command.does().replace(":", "\\:")));
      }
    }
    out.line("  )");
    out.line("  _describe -t commands command commands");
    out.line("}").line();
  }

  private static void below(Script out, String function, List<Shown> commands) {
    out.line("  case $state in");
    out.line("    command) ", function, "_commands ;;");
    out.line("    argument)");
    out.line("      case $line[1] in");
    for (Shown command : commands) {
      out.line("        ", String.join(" | ", command.names()), ") ", function(command), " ;;");
    }
    out.line("      esac");
    out.line("      ;;");
    out.line("  esac");
  }

  /** Of an option with several names, one for each. */
  private static List<String> option(Shown command, OptionSpec option) {
    List<String> names = List.of(option.names());
    boolean repeats = option.isMultiValue();
    boolean ends = option.usageHelp() || option.versionHelp();
    String others = ends ? "- *" : names.size() > 1 && !repeats ? String.join(" ", names) : "";
    String value =
        option.arity().max() == 0
            ? ""
            : ":" + plain(option.paramLabel()) + ":" + action(command.offer(option));
    List<String> specs = new ArrayList<>();
    for (String name : names) {
      specs.add(
          Script.quoted(
              (others.isEmpty() ? "" : "(" + others + ")")
                  + (repeats ? "*" : "")
                  + name
                  + (value.isEmpty() ? "" : name.startsWith("--") ? "=" : "+")
                  + "["
                  + described(option)
                  + "]"
                  + value));
    }
    return specs;
  }

  private static String argument(Shown command, PositionalParamSpec argument) {
    boolean repeats = argument.index().isUnspecified() || argument.index().max() > 9;
    String place = repeats ? "*" : String.valueOf(argument.index().min() + 1);
    return Script.quoted(
        place + ":" + plain(argument.paramLabel()) + ":" + action(command.offer(argument)));
  }

  private static String action(Offer offer) {
    return switch (offer) {
      case Offer.Words words -> "(" + String.join(" ", words.words()) + ")";
      case Offer.Named(Names names) ->
          names == Names.COMMANDS ? "_vmcore_commands" : "_vmcore_names " + names;
      case Offer.Files() -> "_files";
      case Offer.Folders() -> "_files -/";
      case Offer.Nothing() -> " ";
    };
  }

  /** Brackets and colons would end it. */
  private static String described(ArgSpec arg) {
    return plain(Shown.summary(arg)).replace("[", "\\[").replace("]", "\\]");
  }

  private static String plain(String text) {
    return text.replace("\\", "\\\\").replace(":", "\\:");
  }
}
