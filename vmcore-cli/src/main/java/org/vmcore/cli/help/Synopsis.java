package org.vmcore.cli.help;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command line in general. */
public final class Synopsis {
  private Synopsis() {}

  /** That of {@code command}: its name, options that it needs, arguments. */
  public static String of(CommandSpec command) {
    StringBuilder line = new StringBuilder(command.qualifiedName()).append(" [OPTIONS]");
    for (OptionSpec option : command.options()) {
      if (option.required()) {
        line.append(' ').append(option.shortestName()).append(' ').append(option.paramLabel());
      }
    }
    for (PositionalParamSpec argument : command.positionalParameters()) {
      if (!argument.hidden()) {
        line.append(' ').append(argument.paramLabel());
        line.append(argument.index().isVariable() || argument.index().max() > 9 ? "..." : "");
      }
    }
    if (!command.subcommands().isEmpty()) {
      line.append(" COMMAND");
    }
    return line.toString();
  }
}
