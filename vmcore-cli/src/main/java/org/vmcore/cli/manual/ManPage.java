package org.vmcore.cli.manual;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.vmcore.cli.help.Section;
import org.vmcore.cli.help.Synopsis;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * A page of the manual, in roff with the macros of man(7), out of what a command says of itself.
 */
final class ManPage {
  private final Script out = new Script();
  private final Shown command;
  private final UsageMessageSpec usage;

  private ManPage(Shown command) {
    this.command = command;
    this.usage = command.spec().usageMessage();
  }

  /** The page of {@code command}; {@code version} stands in its footer. */
  static String of(Shown command, String version) {
    ManPage page = new ManPage(command);
    page.write(version);
    return page.out.toString();
  }

  /** Its name: {@code vmcore-info}. */
  static String name(Shown command) {
    return command.spec().qualifiedName("-");
  }

  private void write(String version) {
    String title = name(command).toUpperCase(Locale.ROOT);
    out.line(".TH ", title, " 1 \"\" \"vmcore ", version, "\" \"vmcore\"");
    out.line(".nh").line(".ad l");
    out.line(".SH NAME").line(text(name(command)), " \\- ", text(command.does()));
    out.line(".SH SYNOPSIS").line(paragraph(Synopsis.of(command.spec())));
    out.line(".SH DESCRIPTION");
    for (String each : usage.description()) {
      paragraphs(each);
    }
    list("ARGUMENTS", command.arguments());
    options();
    commands();
    exitStatus();
    footer();
    seeAlso();
  }

  private void paragraphs(String text) {
    for (String paragraph : text.replace("%n", "\n").split("\n", -1)) {
      out.line(paragraph.isBlank() ? ".PP" : paragraph(paragraph.strip()));
    }
  }

  private void list(String title, Collection<? extends ArgSpec> args) {
    if (!args.isEmpty()) {
      out.line(".SH ", title);
    }
    args.forEach(this::entry);
  }

  private void options() {
    out.line(".SH OPTIONS");
    Section.of(command.spec())
        .forEach(
            (section, options) -> {
              if (!section.equals(Section.OWN)) {
                out.line(".SS ", text(section.title()));
              }
              options.forEach(this::entry);
            });
  }

  private void entry(ArgSpec arg) {
    out.line(".TP").line(label(arg)).line(paragraph(Shown.description(arg)));
  }

  /** The names in bold, what follows them in italics. */
  private static String label(ArgSpec arg) {
    boolean takes = arg.arity().max() > 0;
    String parameter = takes ? "\\fI" + text(arg.paramLabel()) + "\\fR" : "";
    if (!(arg instanceof OptionSpec option)) {
      return parameter;
    }
    String names =
        List.of(option.names()).stream()
            .map(name -> "\\fB" + text(name) + "\\fR")
            .collect(Collectors.joining(", "));
    boolean isLong = option.longestName().startsWith("--");
    return takes ? names + (isLong ? "=" : " ") + parameter : names;
  }

  private void commands() {
    List<Shown> below = command.commands();
    if (!below.isEmpty()) {
      out.line(".SH COMMANDS");
    }
    for (Shown each : below) {
      out.line(".TP").line("\\fB", text(String.join(", ", each.names())), "\\fR");
      out.line(paragraph(each.does()));
    }
  }

  private void exitStatus() {
    if (!usage.exitCodeList().isEmpty()) {
      out.line(".SH EXIT STATUS");
    }
    usage
        .exitCodeList()
        .forEach((code, meaning) -> out.line(".TP").line(text(code.strip())).line(text(meaning)));
  }

  private void footer() {
    if (usage.footer().length == 0) {
      return;
    }
    out.line(".SH EXAMPLES").line(".nf");
    for (String line : usage.footer()) {
      out.line(paragraph(line.strip()));
    }
    out.line(".fi");
  }

  private void seeAlso() {
    boolean isBelow = command.line().getParent() != null;
    List<String> others =
        isBelow
            ? List.of(name(new Shown(command.line().getParent())))
            : command.commands().stream().map(ManPage::name).toList();
    out.line(".SH SEE ALSO");
    out.line(
        others.stream()
            .map(other -> "\\fB" + text(other) + "\\fR(1)")
            .collect(Collectors.joining(",\n")));
  }

  /** A line of text; one that starts with a dot or a quote would be a request. */
  private static String paragraph(String text) {
    String escaped = text(text.replace("%n", " ").replace("%%", "%"));
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }

  /** Escapes what roff would read, and drops picocli's markup of styles. */
  private static String text(String text) {
    return text.replaceAll("@\\|\\S+ ([^|]*)\\|@", "$1")
        .replace("\\", "\\e")
        .replace("-", "\\-")
        .replace("\n", " ");
  }
}
