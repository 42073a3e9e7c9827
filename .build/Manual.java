import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.vmcore.cli.Main;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Writes the shell completion and a man page for each command: {@code TARGET VERSION} makes
 * TARGET/completion/vmcore and TARGET/man/vmcore*.1 out of what the commands say of themselves.
 */
final class Manual {
  private final String version;

  private Manual(String version) {
    this.version = version;
  }

  public static void main(String[] args) throws IOException {
    Path target = Path.of(args[0]);
    Path completion = Files.createDirectories(target.resolve("completion"));
    Path man = Files.createDirectories(target.resolve("man"));
    CommandLine vmcore = Main.commandLine();
    vmcore.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
    Files.writeString(completion.resolve("vmcore"), AutoComplete.bash("vmcore", vmcore));
    new Manual(args[1]).write(vmcore, man);
  }

  private void write(CommandLine command, Path folder) throws IOException {
    if (!command.getCommandSpec().usageMessage().hidden()) {
      Files.writeString(folder.resolve(page(command) + ".1"), roff(command));
    }
    for (CommandLine subcommand : subcommands(command)) {
      write(subcommand, folder);
    }
  }

  private String roff(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    UsageMessageSpec usage = spec.usageMessage();
    StringBuilder out = new StringBuilder();
    out.append(".TH %s 1 \"\" \"vmcore %s\"\n".formatted(page(command).toUpperCase(), version));
    out.append(".nh\n.ad l\n");
    out.append(".SH NAME\n").append(page(command)).append(" \\- ");
    out.append(text(firstLine(usage.description()))).append('\n');
    out.append(".SH SYNOPSIS\n");
    out.append(line(synopsis(command)));
    out.append(".SH DESCRIPTION\n");
    paragraphs(out, usage.header());
    paragraphs(out, usage.description());
    List<ArgSpec> arguments = new ArrayList<>(spec.positionalParameters());
    List<ArgSpec> options = new ArrayList<>(spec.options());
    list(out, "ARGUMENTS", arguments);
    list(out, "OPTIONS", options);
    commands(out, command);
    exitCodes(out, usage);
    footer(out, usage);
    seeAlso(out, command);
    return out.toString();
  }

  private static void list(StringBuilder out, String title, List<ArgSpec> args) {
    List<ArgSpec> shown = args.stream().filter(arg -> !arg.hidden()).toList();
    if (!shown.isEmpty()) {
      out.append(".SH ").append(title).append('\n');
    }
    for (ArgSpec arg : shown) {
      out.append(".TP\n").append(label(arg)).append('\n');
      out.append(line(String.join(" ", arg.description())));
    }
  }

  /** The names in bold, what follows them in italics. */
  private static String label(ArgSpec arg) {
    boolean takes = arg.arity().max() > 0;
    String parameter = takes ? "\\fI" + text(arg.paramLabel()) + "\\fR" : "";
    if (!(arg instanceof OptionSpec option)) {
      return parameter;
    }
    String names =
        java.util.Arrays.stream(option.names())
            .map(name -> "\\fB" + text(name) + "\\fR")
            .collect(Collectors.joining(", "));
    return takes ? names + (option.longestName().startsWith("--") ? "=" : " ") + parameter : names;
  }

  private static void commands(StringBuilder out, CommandLine command) {
    List<CommandLine> subcommands = subcommands(command);
    if (!subcommands.isEmpty()) {
      out.append(".SH COMMANDS\n");
    }
    for (CommandLine subcommand : subcommands) {
      CommandSpec spec = subcommand.getCommandSpec();
      if (!spec.usageMessage().hidden()) {
        out.append(".TP\n\\fB").append(text(spec.name())).append("\\fR\n");
        out.append(line(firstLine(spec.usageMessage().description())));
      }
    }
  }

  private static void exitCodes(StringBuilder out, UsageMessageSpec usage) {
    if (!usage.exitCodeList().isEmpty()) {
      out.append(".SH EXIT STATUS\n");
    }
    usage
        .exitCodeList()
        .forEach(
            (code, meaning) ->
                out.append(".TP\n").append(text(code.strip())).append('\n').append(line(meaning)));
  }

  /** A line that starts a section ends with a colon; indented lines keep their form. */
  private static void footer(StringBuilder out, UsageMessageSpec usage) {
    boolean form = false;
    String heading = usage.footerHeading() == null ? "" : usage.footerHeading();
    heading = heading.replace("%n", "").replace(":", "").strip();
    boolean section = !heading.isEmpty();
    if (section && usage.footer().length > 0) {
      out.append(".SH ").append(text(heading.toUpperCase())).append('\n');
    }
    for (String all : usage.footer()) {
      for (String line : all.replace("%n", "\n").replace("%%", "%").split("\n")) {
        boolean keeps = line.startsWith(" ");
        if (keeps != form) {
          out.append(keeps ? ".PP\n.nf\n.RS 4\n" : ".RE\n.fi\n");
          form = keeps;
        }
        if (!keeps && line.endsWith(":")) {
          out.append(".SH ").append(text(line.replace(":", "").toUpperCase())).append('\n');
          section = true;
        } else if (!line.isBlank()) {
          if (!section) {
            out.append(".SH NOTES\n");
            section = true;
          }
          out.append(line(line.strip()));
        }
      }
    }
    out.append(form ? ".RE\n.fi\n" : "");
  }

  private static void seeAlso(StringBuilder out, CommandLine command) {
    List<String> others =
        command.getParent() != null
            ? List.of(page(command.getParent()))
            : subcommands(command).stream()
                .filter(other -> !other.getCommandSpec().usageMessage().hidden())
                .map(Manual::page)
                .toList();
    out.append(".SH SEE ALSO\n");
    out.append(
        others.stream()
            .map(other -> "\\fB" + text(other) + "\\fR(1)")
            .collect(Collectors.joining(",\n", "", "\n")));
  }

  private static List<CommandLine> subcommands(CommandLine command) {
    return command.getSubcommands().values().stream().distinct().toList();
  }

  private static String page(CommandLine command) {
    return command.getCommandSpec().qualifiedName("-");
  }

  private static String synopsis(CommandLine command) {
    return command.getHelp().synopsis(0).replaceAll("\\s+", " ").strip();
  }

  private static void paragraphs(StringBuilder out, String[] texts) {
    for (String all : texts) {
      for (String paragraph : all.replace("%n", "\n").split("\n")) {
        out.append(paragraph.isBlank() ? ".PP\n" : line(paragraph.strip()));
      }
    }
  }

  private static String firstLine(String[] description) {
    return description.length == 0 ? "" : description[0].split("%n|\n")[0].replaceAll("\\.$", "");
  }

  /** One line of text; one that starts with a dot or a quote would be a request. */
  private static String line(String text) {
    String escaped = text(text.replace("%n", " ").replace("%%", "%"));
    return (escaped.matches("(?s)[.'].*") ? "\\&" : "") + escaped + "\n";
  }

  /** Escapes what roff would read, and drops picocli's markup of styles. */
  private static String text(String text) {
    return text.replaceAll("@\\|\\S+ ([^|]*)\\|@", "$1")
        .replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("\n", " ");
  }
}
