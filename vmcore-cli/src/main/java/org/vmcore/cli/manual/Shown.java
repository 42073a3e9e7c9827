package org.vmcore.cli.manual;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.vmcore.cli.help.Names;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What of a command is told to others: all but what is hidden. */
record Shown(CommandLine line) {
  CommandSpec spec() {
    return line.getCommandSpec();
  }

  boolean isHidden() {
    return spec().usageMessage().hidden();
  }

  /** The commands below it. */
  List<Shown> commands() {
    return line.getSubcommands().values().stream()
        .distinct()
        .map(Shown::new)
        .filter(command -> !command.isHidden())
        .toList();
  }

  /** Itself and all below it. */
  List<Shown> all() {
    return Stream.concat(Stream.of(this), commands().stream().flatMap(c -> c.all().stream()))
        .toList();
  }

  List<OptionSpec> options() {
    return spec().options().stream().filter(option -> !option.hidden()).toList();
  }

  List<PositionalParamSpec> arguments() {
    return spec().positionalParameters().stream().filter(arg -> !arg.hidden()).toList();
  }

  /** What {@code arg} of it takes; {@code help} takes what it helps with. */
  Offer offer(ArgSpec arg) {
    return spec().helpCommand() && !arg.isOption()
        ? new Offer.Named(Names.COMMANDS)
        : Offer.of(arg);
  }

  /** Its words behind {@code vmcore}: {@code devcoredump collect}. */
  String path() {
    String name = spec().qualifiedName();
    int space = name.indexOf(' ');
    return space < 0 ? "" : name.substring(space + 1);
  }

  /** Its name and its aliases. */
  List<String> names() {
    return Stream.concat(Stream.of(spec().name()), Arrays.stream(spec().aliases())).toList();
  }

  /** What it does, in a line without a full stop. */
  String does() {
    String[] description = spec().usageMessage().description();
    return description.length == 0
        ? ""
        : description[0].split("%n|\n", -1)[0].replaceAll("\\.$", "");
  }

  /** What {@code arg} is for. */
  static String description(ArgSpec arg) {
    String all = String.join(" ", arg.description());
    Iterable<String> candidates = arg.completionCandidates();
    return candidates == null
        ? all
        : all.replace("${COMPLETION-CANDIDATES}", String.join(", ", candidates));
  }

  /** The first sentence of that. */
  static String summary(ArgSpec arg) {
    String all = description(arg);
    int end = all.indexOf(". ");
    String sentence = end < 0 ? all : all.substring(0, end);
    return sentence.replace("%n", " ").replace("%%", "%").replaceAll("\\.$", "");
  }
}
