package org.vmcore.cli.command;

import org.vmcore.cli.option.CommonOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Fields;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** One command. */
public interface Subcommand {
  /** What its JSON holds; nothing when it prints none. */
  default Fields fields() {
    return Fields.NONE;
  }

  /** What its JSON holds of groups of dumps; nothing when it makes none. */
  default Fields groupFields() {
    return Fields.NONE;
  }

  /** Its name, help and options. */
  CommandSpec spec();

  /**
   * Runs the command, once its options are parsed.
   *
   * @return the exit status
   * @throws VmcoreException what keeps it from doing so: exit status 1
   * @throws org.vmcore.cli.option.UsageException when options don't go together: exit status 2
   */
  int run(Console console) throws VmcoreException;

  /** The name of {@code command} and what it does, in one line and then in more. */
  static CommandSpec named(Object command, String name, String line, String more) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(command).name(name);
    spec.usageMessage()
        .descriptionHeading("%n")
        .description(line, "", more)
        .parameterListHeading("%n")
        .sortOptions(false);
    return spec;
  }

  /** Adds what every command has: common options and examples. */
  static CommandSpec finished(CommandSpec spec, String... examples) {
    CommonOptions.addTo(spec);
    spec.usageMessage().footerHeading("%nExamples:%n").footer(examples);
    return spec;
  }
}
