package org.vmcore.cli.help;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** How help is laid out: a short synopsis, options in sections, commands in groups. */
public final class HelpText {
  private static final int NARROWEST = 55; // which picocli demands
  private static final int WIDEST = 1000;
  private static final int USUAL = 80;

  private final boolean all;

  private HelpText(boolean all) {
    this.all = all;
  }

  /**
   * Lays out the help of {@code line} and all commands below it.
   *
   * @param all whether options that are seldom needed are in it
   * @param columns how wide it may be
   */
  public static void layOut(CommandLine line, boolean all, int columns) {
    HelpText text = new HelpText(all);
    Map<String, IHelpSectionRenderer> sections = new HashMap<>(line.getHelpSectionMap());
    sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, HelpText::synopsis);
    sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, text::arguments);
    sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, help -> "");
    sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, text::options);
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING, help -> "");
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, HelpText::commands);
    line.setHelpSectionMap(sections);
    line.setUsageHelpWidth(columns);
  }

  /** How wide help may be, by what the variable COLUMNS has. */
  public static int columns(@Nullable String variable) {
    try {
      int columns = variable == null ? USUAL : Integer.parseInt(variable);
      return Math.clamp(columns, NARROWEST, WIDEST);
    } catch (NumberFormatException e) {
      return USUAL;
    }
  }

  private static String synopsis(Help help) {
    String name = help.commandSpec().qualifiedName();
    String rest = Synopsis.of(help.commandSpec()).substring(name.length());
    return help.colorScheme().commandText(name) + rest + "\n";
  }

  private String arguments(Help help) {
    Help.Layout layout = layout(help);
    layout.addAllPositionalParameters(
        help.commandSpec().positionalParameters(), help.createDefaultParamLabelRenderer());
    return layout.toString();
  }

  private String options(Help help) {
    StringBuilder text = new StringBuilder();
    boolean isComplete = true;
    for (var section : Section.of(help.commandSpec()).entrySet()) {
      if (isShown(section.getKey())) {
        Help.Layout layout = layout(help);
        layout.addAllOptions(section.getValue(), help.createDefaultParamLabelRenderer());
        text.append(help.createHeading("%n" + section.getKey().title() + ":%n")).append(layout);
      } else {
        isComplete = false;
      }
    }
    if (!isComplete) {
      text.append(
          help.createHeading("%nOptions for " + Section.OPENING.title() + ": --help=all%n"));
    }
    return text.toString();
  }

  /** All that is shown has its columns at the same places. */
  private Help.Layout layout(Help help) {
    List<OptionSpec> shown = new ArrayList<>();
    Section.of(help.commandSpec())
        .forEach((section, options) -> shown.addAll(isShown(section) ? options : List.of()));
    return help.createDefaultLayout(
        shown, help.commandSpec().positionalParameters(), help.colorScheme());
  }

  private boolean isShown(Section section) {
    return all || !section.equals(Section.OPENING);
  }

  private static String commands(Help help) {
    Map<String, Help> commands = help.subcommands();
    if (commands.isEmpty()) {
      return "";
    }
    if (help.commandSpec().parent() != null) {
      return help.createHeading("%nCommands:%n") + help.commandList(commands);
    }
    StringBuilder text = new StringBuilder();
    // One list aligns all: its lines are put under their headings.
    Map<String, String> entries = entries(help);
    Commands.grouped(entries.keySet())
        .forEach(
            (title, names) -> {
              text.append(help.createHeading("%n" + title + ":%n"));
              names.forEach(name -> text.append(entries.getOrDefault(name, "")));
            });
    return text.toString();
  }

  /** The lines of each command, by its name. */
  private static Map<String, String> entries(Help help) {
    Map<String, String> entries = new LinkedHashMap<>();
    List<String> names = List.copyOf(help.subcommands().keySet()); // with aliases: log, dmesg
    int next = -1;
    for (String line : help.commandList().split("(?<=\n)", -1)) {
      next += isFirst(line) ? 1 : 0;
      entries.merge(names.get(next).split(",", 2)[0], line, String::concat);
    }
    return entries;
  }

  /** Whether it begins with a name, which stands two columns from the left. */
  private static boolean isFirst(String line) {
    return line.length() > 2 && line.startsWith("  ") && line.charAt(2) != ' ';
  }
}
