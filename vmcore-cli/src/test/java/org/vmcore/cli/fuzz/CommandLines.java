package org.vmcore.cli.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Makes command lines of any command and any options, as picocli knows them. */
final class CommandLines {
  private static final int RARELY = 12;

  /** Options are added while a random number below it is 0. */
  private static final int FEW = 3;

  /** Without one of these a command says no more than that. */
  private static final List<String> PLACES =
      List.of("--offset", "--phys", "--virt", "--symbol", "--load", "--all", "--iomem");

  /** It waits for a client that never comes; what a client sends is fuzzed by its own target. */
  private static final String WAITING = "gdb";

  private static final List<String> OUTPUTS = List.of("--output", "--raw", "--dtb-out");

  private final List<CommandSpec> commands = new ArrayList<>();
  private final Random random;
  private final Path folder;
  private final Values values;

  /**
   * Lines of {@code root}'s commands.
   *
   * @param folder where the files are; outputs go to {@code out} in it
   */
  CommandLines(CommandLine root, Random random, Path folder) {
    for (CommandLine each : root.getSubcommands().values()) {
      if (!each.getCommandName().equals(WAITING)) {
        commands.add(each.getCommandSpec());
      }
    }
    this.random = random;
    this.folder = folder;
    this.values = new Values(random);
  }

  /** A command line on the files of {@code seed}. */
  List<String> line(Seed seed) {
    CommandSpec command = commands.get(random.nextInt(commands.size()));
    List<String> line = new ArrayList<>(List.of(command.name()));
    List<OptionSpec> places = new ArrayList<>();
    for (OptionSpec option : command.options()) {
      if (PLACES.contains(option.longestName())) {
        places.add(option);
      } else if (isGiven(option)) {
        add(line, option, seed);
      }
    }
    addAny(line, places, seed);
    while (random.nextInt(FEW) == 0) {
      addAny(line, command.options(), seed);
    }
    boolean takesDump = !command.positionalParameters().isEmpty();
    if (takesDump || random.nextInt(RARELY) == 0) {
      seed.words().forEach(word -> line.add(path(word)));
    }
    for (PositionalParamSpec each : command.positionalParameters()) {
      if (each.index().min() > 0 && random.nextInt(RARELY) > 0) {
        line.add(values.of(each.paramLabel(), folder, seed));
      }
    }
    return line;
  }

  /** What makes more of a command seen is given often, what it can't do without nearly always. */
  private boolean isGiven(OptionSpec option) {
    return switch (option.longestName()) {
      case "--debug", "--json" -> random.nextBoolean();
      case "--output" -> random.nextInt(RARELY) > 0;
      default -> option.required() && random.nextInt(RARELY) > 0;
    };
  }

  private void addAny(List<String> line, List<OptionSpec> options, Seed seed) {
    if (!options.isEmpty()) {
      OptionSpec option = options.get(random.nextInt(options.size()));
      boolean isTwice = line.contains(option.longestName()) && !option.isMultiValue();
      if (random.nextInt(RARELY) == 0 || !(isTwice || option.usageHelp())) {
        add(line, option, seed);
      }
    }
  }

  private void add(List<String> line, OptionSpec option, Seed seed) {
    String name = option.longestName();
    line.add(name);
    if (option.arity().max() == 0) {
      return;
    }
    List<String> candidates = new ArrayList<>();
    if (option.completionCandidates() != null) {
      option.completionCandidates().forEach(candidates::add);
    }
    if (OUTPUTS.contains(name)) {
      line.add(out());
    } else if (!candidates.isEmpty() && random.nextInt(RARELY) > 0) {
      line.add(candidates.get(random.nextInt(candidates.size())));
    } else {
      line.add(values.of(option.paramLabel(), folder, seed));
    }
  }

  /** Never {@code -}: that is the stdout of the process that fuzzes. */
  private String out() {
    Path out = folder.resolve("out");
    return (random.nextInt(4) == 0 ? out : out.resolve("o" + random.nextInt(2))).toString();
  }

  private String path(String word) {
    return word.startsWith("{")
        ? folder.resolve(word.substring(1, word.length() - 1)).toString()
        : word;
  }
}
