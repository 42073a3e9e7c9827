package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Each mistake on a command line is told in the same words by every command. */
class MistakeTest {
  static Stream<CommandSpec> commands() {
    List<CommandSpec> all = new ArrayList<>();
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      if (command.getSubcommands().isEmpty() && !command.getCommandSpec().helpCommand()) {
        all.add(command.getCommandSpec());
      }
      command.getSubcommands().values().forEach(below -> all.add(below.getCommandSpec()));
    }
    return all.stream().distinct();
  }

  private static void misused(CommandSpec command, String message, String... words) {
    List<Object> line = new ArrayList<>(Arrays.asList(command.qualifiedName().split(" ")));
    line.removeFirst();
    line.addAll(Arrays.asList(words));
    Run.of(line.toArray()).misused(command.qualifiedName(), message);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void anUnknownOptionIsToldAndNothingElse(CommandSpec command) {
    String message = "Unknown option: '--zzzzzzzz'";

    misused(command, message, "--zzzzzzzz");
    misused(command, message, "--zzzzzzzz", "DUMP");
    misused(command, message, "--zzzzzzzz", "5", "DUMP");
    misused(command, message, "--zzzzzzzz=5", "DUMP");
    misused(command, message, "DUMP", "--zzzzzzzz");
    misused(command, message, "DUMP", "--zzzzzzzz", "5");
    misused(command, message, "DUMP", "--zzzzzzzz=5");
    misused(command, message, "DUMP", "--color", "never", "--zzzzzzzz", "5", "6", "7");
    misused(command, "Unknown option: '-Z'", "DUMP", "-Z", "5");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void anOptionThatIsMisspeltIsNamed(CommandSpec command) {
    misused(
        command, "Unknown option: '--colour': did you mean --color?", "--colour", "never", "DUMP");
    misused(command, "Unknown option: '--debgu': did you mean --debug?", "DUMP", "--debgu");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aValueIsMissing(CommandSpec command) {
    for (OptionSpec option : command.options()) {
      if (option.arity().max() > 0) {
        String label = option.paramLabel();
        String name = option.names()[option.names().length - 1];
        misused(
            command, "Missing required parameter for option '" + name + "' (" + label + ")", name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aChoiceIsNone(CommandSpec command) {
    misused(
        command,
        "Invalid value for option '--color': 'blue' is none of auto, always, never",
        "--color",
        "blue");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void anOptionIsGivenTwice(CommandSpec command) {
    misused(command, "Option '--color' may be given only once", "--color=auto", "--color=never");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aFlagHasAValue(CommandSpec command) {
    misused(command, "Option '--debug' takes no value", "--debug=5");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void thereAreTooManyArguments(CommandSpec command) {
    boolean isBounded =
        command.positionalParameters().stream()
            .noneMatch(arg -> arg.index().isVariable() || arg.index().isUnspecified());
    boolean hasRequired = command.requiredArgs().stream().anyMatch(arg -> arg.isOption());
    if (isBounded && !hasRequired) {
      int most =
          command.positionalParameters().stream().mapToInt(a -> a.index().max()).max().orElse(-1);
      String[] words = new String[most + 3];
      for (int i = 0; i < words.length; i++) {
        words[i] = "w" + i;
      }
      misused(command, "Unexpected argument: 'w" + (most + 1) + "'", words);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "inf, info",
    "inof, info",
    "segmnets, segments",
    "trans, translate",
    "convrt, convert",
    "hepl, help"
  })
  void aCommandIsMisspelt(String name, String meant) {
    if (!meant.equals("help")) {
      Run.of(name, "x")
          .misused("vmcore", "There is no command '" + name + "': did you mean " + meant + "?");
    }
    Run.of("help", name)
        .misused("vmcore", "There is no command '" + name + "': did you mean " + meant + "?");
  }

  @Test
  void whatIsLikeNothingIsOnlyTold() {
    Run.of("zzzzzzzz", "x").misused("vmcore", "There is no command 'zzzzzzzz'");
    Run.of("q").misused("vmcore", "There is no command 'q'");
  }

  @ParameterizedTest
  @CsvSource({
    "vtop, translate",
    "sym, symbol",
    "rd, read",
    "mod, modules",
    "struct, type",
    "whatis, type"
  })
  void crashsNamesOfCommandsAreKnownAndHidden(String crash, String name) {
    assertThat(Run.of(crash, "--help").ok().out())
        .isEqualTo(Run.of(name, "--help").ok().out())
        .isEqualTo(Run.of("help", crash).ok().out());
    assertThat(Run.of("man", crash).ok().out()).isEqualTo(Run.of("man", name).ok().out());
    assertThat(Run.of("--help").out()).doesNotContain(" " + crash + " ");
  }
}
