package org.vmcore.cli.option;

import org.vmcore.cli.help.Section;
import org.vmcore.cli.output.When;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What every command takes. It has an effect on errors of the command line, too, so it is looked
 * for before that is parsed.
 */
public final class CommonOptions {
  private static final String COLOR = "--color";
  private static final String HELP = "--help";
  private static final String ALL = "--help=all";
  private static final String DEBUG = "--debug";

  private CommonOptions() {}

  public static void addTo(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-h", HELP)
            .usageHelp(true)
            .arity("0")
            .userObject(Section.GENERAL)
            .description("Print this help.")
            .build());
    Opt.choice(
            When.values(),
            "WHEN",
            "Colour help, errors and the log: auto (default), always or never; see also NO_COLOR.",
            COLOR)
        .in(Section.GENERAL)
        .addTo(spec);
    Opt.flag("Print stack traces with errors.", DEBUG).in(Section.GENERAL).addTo(spec);
  }

  /** Whether help is asked for with all options. */
  public static boolean allHelp(String... args) {
    for (String arg : args) {
      if (arg.equals(ALL)) {
        return true;
      }
    }
    return false;
  }

  /** Makes each {@code --help=all} of {@code args} a plain {@code --help}. */
  public static void takeHelpAll(String... args) {
    for (int i = 0; i < args.length && !args[i].equals("--"); i++) {
      args[i] = args[i].equals(ALL) ? HELP : args[i];
    }
  }

  /** The value of --color. */
  public static When color(String... args) {
    for (int i = 0; i < args.length; i++) {
      String next = i + 1 < args.length ? args[i + 1] : "";
      String value = args[i].equals(COLOR) ? next : valueOf(args[i]);
      for (When when : When.values()) {
        if (value.equals(when.toString())) {
          return when;
        }
      }
    }
    return When.AUTO;
  }

  private static String valueOf(String arg) {
    return arg.startsWith(COLOR + "=") ? arg.substring(COLOR.length() + 1) : "";
  }

  /** Whether --debug is given. */
  public static boolean debug(String... args) {
    for (String arg : args) {
      if (arg.equals(DEBUG)) {
        return true;
      }
    }
    return false;
  }

  /** Whether JSON is asked for, of a command that has it. */
  public static boolean json(String... args) {
    return isGiven("--json", 'j', args);
  }

  /** Whether JSON is to be indented. */
  public static boolean pretty(String... args) {
    return isGiven("--pretty", 'p', args);
  }

  private static boolean isGiven(String name, char letter, String... args) {
    for (String arg : args) {
      if (arg.equals("--")) {
        return false;
      }
      if (arg.equals(name) || (isLetters(arg) && arg.indexOf(letter) > 0)) {
        return true;
      }
    }
    return false;
  }

  /** Options of one letter each, in one argument: {@code -jp}. */
  private static boolean isLetters(String arg) {
    boolean letters = arg.length() > 1 && arg.charAt(0) == '-';
    for (int i = 1; i < arg.length(); i++) {
      letters &= "jph".indexOf(arg.charAt(i)) >= 0;
    }
    return letters;
  }
}
