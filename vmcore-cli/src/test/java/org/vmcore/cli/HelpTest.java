package org.vmcore.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vmcore.cli.help.HelpText;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {
  private static final String MORE =
      "Options for RAM images, split dumps, pipes and compressed files: --help=all";

  @Test
  void ownOptionsComeFirst() {
    String help = Run.of("read", "--help").ok().out();

    assertThat(help)
        .startsWith("Usage: vmcore read [OPTIONS] DUMP\n")
        .containsSubsequence(
            "\nOptions:\n",
            "--phys=ADDR",
            "\nKernel:\n",
            "--system-map=FILE",
            "\nOutput:\n",
            "\nHelp and messages:\n",
            "-h, --help",
            "\n" + MORE + "\n",
            "\nExamples:\n")
        .doesNotContain("--oldmem=", "--spill-dir=");
  }

  @Test
  void whatIsNeededStandsInTheSynopsis() {
    assertThat(Run.of("build", "--help").out())
        .startsWith("Usage: vmcore build [OPTIONS] -o OUT RAM\n")
        .contains("--oldmem=RAM");
    assertThat(Run.of("devcoredump", "--help").out())
        .startsWith("Usage: vmcore devcoredump [OPTIONS] COMMAND\n")
        .contains("\nCommands:\n  collect ");
  }

  @Test
  void allOptionsAreShown() {
    for (CommandLine command : Main.commandLine().getSubcommands().values()) {
      String name = command.getCommandName();
      if (!command.getCommandSpec().usageMessage().hidden() && !name.equals("help")) {
        String help = Run.of(name, "--help=all").ok().out();
        assertThat(help).doesNotContain(MORE);
        for (OptionSpec option : command.getCommandSpec().options()) {
          assertThat(help).as(name).contains(option.longestName());
        }
      }
    }
    Run.of("info", "--help=some").misused("vmcore info", "Option '--help' takes no value");
  }

  @Test
  void commandsAreInGroups() {
    assertThat(Run.of("--help").ok().out())
        .containsSubsequence(
            "\nFirst minute:\n  info ",
            "\nKernel:\n  symbol ",
            "\nMemory:\n  read ",
            "\nWhat the dump is made of:\n  segments ",
            "\nDevices:\n  remoteproc ",
            "\nDebuggers:\n  debuginfo ",
            "\nMaking dumps:\n  convert ",
            "\nMore:\n  completion ",
            "\nExit status:\n")
        .doesNotContain("names");
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 120, 200})
  void itIsAsWideAsTheTerminal(int columns) {
    CommandLine vmcore = Main.commandLine();
    HelpText.layOut(vmcore, true, columns);
    List<String> lines =
        vmcore.getSubcommands().get("translate").getUsageMessage(Ansi.OFF).lines().toList();

    assertThat(lines)
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(Math.max(80, columns)));
    assertThat(lines).anySatisfy(line -> assertThat(line.length()).isGreaterThan(columns - 15));
  }

  @Test
  void columns() {
    assertThat(HelpText.columns(null)).isEqualTo(80);
    assertThat(HelpText.columns("")).isEqualTo(80);
    assertThat(HelpText.columns("132")).isEqualTo(132);
    assertThat(HelpText.columns("-5")).isEqualTo(55);
    assertThat(HelpText.columns("99999999")).isEqualTo(1000);
    assertThat(HelpText.columns("99999999999")).isEqualTo(80);
  }
}
