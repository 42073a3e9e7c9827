package org.vmcore.cli.manual;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code vmcore completion}. */
public final class CompletionCommand implements Subcommand {
  private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

  private final Supplier<CommandLine> vmcore;
  private final TextFiles files =
      new TextFiles(
          "Write the scripts of all shells into this folder: vmcore, _vmcore, vmcore.fish.");
  private final PositionalParamSpec shell =
      PositionalParamSpec.builder()
          .index("0")
          .arity("0..1")
          .type(String.class)
          .paramLabel("SHELL")
          .description("bash, zsh or fish.")
          .completionCandidates(SHELLS)
          .build();

  /** {@code vmcore} is the whole command line. */
  public CompletionCommand(Supplier<CommandLine> vmcore) {
    this.vmcore = vmcore;
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "completion",
            "Print what makes a shell complete vmcore's command lines.",
            "A script for bash, zsh or fish: commands, options, their values, files, and names of"
                + " symbols and types out of the dump on the line. Its first lines tell where to"
                + " put it.");
    spec.addPositional(shell);
    files.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore completion zsh > /usr/local/share/zsh/site-functions/_vmcore",
        "  source <(vmcore completion bash)",
        "  vmcore completion fish | source");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    String name = shell.getValue();
    Shown shown = new Shown(vmcore.get());
    if (files.isGiven()) {
      if (name != null) {
        throw new UsageException(
            "--output writes the scripts of all shells: give no SHELL with it");
      }
      files.write(
          Map.of(
              "vmcore",
              script("bash", shown),
              "_vmcore",
              script("zsh", shown),
              "vmcore.fish",
              script("fish", shown)));
    } else if (name == null) {
      throw new UsageException("Missing required parameter: 'SHELL'");
    } else {
      Script.print(console, script(name, shown));
    }
    return ExitStatus.OK;
  }

  static String script(String shell, Shown vmcore) {
    return switch (shell) {
      case "bash" -> Bash.script(vmcore);
      case "zsh" -> Zsh.script(vmcore);
      case "fish" -> Fish.script(vmcore);
      default ->
          throw new UsageException(
              "Invalid value for SHELL: '" + shell + "' is none of " + String.join(", ", SHELLS));
    };
  }
}
