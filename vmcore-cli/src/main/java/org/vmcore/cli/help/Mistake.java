package org.vmcore.cli.help;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is wrong with a command line, in the same words for the same mistake. */
public final class Mistake {
  private static final String UNKNOWN_COMMAND = "Unknown subcommand '";

  /** How picocli calls an argument that may be given several times; in parentheses its label. */
  private static final String BY_INDEX = "positional parameter at index \\S+ \\(([^)]*)\\)";

  private Mistake() {}

  /** That there is no such command among {@code names}, and which may be meant. */
  public static String noCommand(String name, Collection<String> names) {
    return "There is no command '" + name + "'" + Near.question(name, names);
  }

  /**
   * What {@code e} says of the command line {@code args}. An option that isn't known comes first:
   * what it made of the words behind it isn't what was meant.
   *
   * @param names all commands
   */
  public static String of(ParameterException e, List<String> args, Collection<String> names) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    if (e instanceof UnmatchedArgumentException unmatched
        && !command.subcommands().isEmpty()
        && !unmatched.getUnmatched().getFirst().startsWith("-")) {
      return noCommand(unmatched.getUnmatched().getFirst(), command.subcommands().keySet());
    }
    Optional<String> unknown = unknownOption(command, args);
    if (unknown.isPresent()) {
      String name = unknown.get();
      return "Unknown option: '" + name + "'" + Near.question(name, options(command));
    }
    String message = String.valueOf(e.getMessage());
    if (message.startsWith(UNKNOWN_COMMAND)) {
      String from = message.substring(UNKNOWN_COMMAND.length());
      return noCommand(from.substring(0, from.lastIndexOf('\'')), names);
    }
    return switch (e) {
      case UnmatchedArgumentException unmatched ->
          "Unexpected argument: '" + unmatched.getUnmatched().getFirst() + "'";
      case OverwrittenOptionException more when more.getOverwritten() instanceof OptionSpec it ->
          "Option '" + it.longestName() + "' may be given only once";
      case MaxValuesExceededException _ -> withoutValue(message);
      default -> message.replaceFirst(BY_INDEX, "$1");
    };
  }

  private static String withoutValue(String message) {
    int from = message.indexOf('\'');
    int to = message.indexOf('\'', from + 1);
    boolean isOption = message.startsWith("option") && to > from;
    return isOption ? "Option '" + message.substring(from + 1, to) + "' takes no value" : message;
  }

  private static List<String> options(CommandSpec command) {
    List<String> names = new ArrayList<>();
    for (OptionSpec option : command.options()) {
      if (!option.hidden()) {
        names.addAll(List.of(option.names()));
      }
    }
    return names;
  }

  /** The first of {@code args} that is neither an option of {@code command} nor a value of one. */
  private static Optional<String> unknownOption(CommandSpec command, List<String> args) {
    Map<String, OptionSpec> known = command.optionsMap();
    for (int i = 0; i < args.size() && !args.get(i).equals("--"); i++) {
      String arg = args.get(i);
      if (!arg.startsWith("-") || arg.length() < 2) {
        continue;
      }
      int equals = arg.indexOf('=');
      String name = equals < 0 ? arg : arg.substring(0, equals);
      OptionSpec option = known.get(name);
      if (option == null && !arg.startsWith("--")) {
        option = lastOf(arg, known);
        equals = arg.length() > 2 && option != null && takesValue(option) ? 2 : equals;
      }
      if (option == null) {
        return Optional.of(name);
      }
      i += equals < 0 && takesValue(option) ? 1 : 0;
    }
    return Optional.empty();
  }

  private static boolean takesValue(OptionSpec option) {
    return option.arity().max() > 0;
  }

  /**
   * Of letters in one argument the last, or the first that has a value; null if one isn't known.
   */
  private static @Nullable OptionSpec lastOf(String letters, Map<String, OptionSpec> known) {
    OptionSpec option = null;
    for (int i = 1; i < letters.length(); i++) {
      option = known.get("-" + letters.charAt(i));
      if (option == null || takesValue(option)) {
        return option;
      }
    }
    return option;
  }
}
