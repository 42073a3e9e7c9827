package org.vmcore.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.vmcore.Vmcore;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.option.DumpOptions;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.When;
import org.vmcore.cli.several.JobsOption;
import org.vmcore.cli.several.Outcome;
import org.vmcore.cli.several.Several;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The frame of every command on a dump: the options that say what is opened and how it is printed;
 * and a run, which opens the dump, lets the command do its work, says what it couldn't have, and
 * gives the exit status.
 */
public final class Frame {
  private final DumpOptions dump;
  private final OutputOptions output = new OutputOptions();
  private final JobsOption jobs = new JobsOption();

  private Frame(DumpOptions dump) {
    this.dump = dump;
  }

  /** On a dump, or in place of it RAM. */
  public static Frame ofDump() {
    return new Frame(new DumpOptions());
  }

  /** On one dump or several, or in place of them RAM. */
  public static Frame ofDumps() {
    return new Frame(DumpOptions.ofSeveral());
  }

  /** On RAM and nothing else. */
  public static Frame ofRam() {
    return new Frame(DumpOptions.ofRam());
  }

  /** On a dump, and something in it that the argument behind it names: a name of that kind. */
  public static Frame withArgument(String label, String description, Names names) {
    return new Frame(DumpOptions.withArgument(label, description, names));
  }

  /** On a dump, something in it, and something else of that, which may be left out. */
  public static Frame withArguments(
      String label,
      String description,
      Names names,
      String second,
      String secondDescription,
      Names secondNames) {
    return new Frame(
        DumpOptions.withArguments(
            label, description, names, second, secondDescription, secondNames));
  }

  /** Adds what says which dump is opened. */
  public void addDumpTo(CommandSpec spec) {
    dump.addTo(spec);
    if (dump.maySeveral()) {
      jobs.addTo(spec);
    }
  }

  /** Adds what says how it is printed. */
  public void addOutputTo(CommandSpec spec) {
    output.addTo(spec);
  }

  /** Adds what says how it is printed, where text is a table. */
  public void addTableTo(CommandSpec spec) {
    output.addTableTo(spec);
  }

  /** The argument behind the dump. */
  public String argument() {
    return dump.argument();
  }

  /** The argument behind that one, where it is given. */
  public Optional<String> secondArgument() {
    return dump.secondArgument();
  }

  /** Whether an argument was given. */
  public boolean hasArgument() {
    return dump.hasArgument();
  }

  /** How it is printed. */
  public OutputOptions output() {
    return output;
  }

  /** Tells the name of the dump: failures are told of it. */
  public void tellName(Console console) {
    dump.tellName(console);
  }

  /** The files of the dump, or RAM. */
  public List<Path> files() {
    return dump.files();
  }

  /** Prints what {@code command} tells of the dump. */
  public int print(Console console, String command, Report.Of of) throws VmcoreException {
    dump.tellName(console);
    boolean json = output.isJson();
    try (Vmcore vmcore = dump.open(console)) {
      return print(console, command, of, vmcore, json);
    }
  }

  private int print(Console console, String command, Report.Of of, Vmcore vmcore, boolean json)
      throws VmcoreException {
    Ending ending = new Ending(console, vmcore.name());
    try {
      Report report = of.report(vmcore);
      if (json) {
        report.json(output.document(console, command, vmcore));
      } else {
        report.text(console.out(), output);
      }
      report.end(ending);
    } catch (VmcoreException e) {
      sayOfRam(console, vmcore);
      throw e;
    }
    return ending.status();
  }

  /**
   * Whether there are several dumps, or one that is printed as of several: an option asks for that,
   * whatever the shell made of {@code *}. Then what has an effect on one alone is refused.
   */
  public boolean areSeveral() {
    return areSeveral(jobs.isGiven());
  }

  /**
   * The same of a command that prints a table of several.
   *
   * @param isAsked whether an option of the command asks for that
   */
  public boolean areTabulated(boolean isAsked) {
    boolean several = areSeveral(isAsked || jobs.isGiven() || output.isWithoutHeader());
    output.requireHeader(several, "on RAM");
    return several;
  }

  private boolean areSeveral(boolean isAsked) {
    boolean isFile = !dump.named().isEmpty();
    jobs.requireEffect(isFile, "on RAM");
    boolean several = Several.are(dump.named()) || (isAsked && isFile);
    if (several) {
      dump.requireFilesAlone("with several dumps");
      output.requireLines("with several dumps: each is a line of its own");
    }
    return several;
  }

  /**
   * Prints what {@code command} tells of each of several dumps, one after the other: JSON as a line
   * for each, text behind its name.
   */
  public int printEach(Console console, String command, Function<Console, Report.Of> of) {
    boolean json = output.isJson();
    return new Several(dump.named(), jobs)
        .print(
            console,
            (index, file, own) -> begin(own, json ? command : "", index, file.name()),
            (file, own) -> {
              try (Vmcore vmcore = dump.open(own, file)) {
                return print(own, command, of.apply(own), vmcore, json);
              }
            });
  }

  private static void begin(Console console, String command, int index, String file) {
    if (!command.isEmpty()) {
      console.answerInJson(command, false);
      console.about(file);
      return;
    }
    if (index > 0) {
      console.out().line();
    }
    console.out().text("==> ").text(file).line(" <==");
  }

  /** Prints a table of several dumps, one row for each. */
  public int tabulate(Console console, Summary summary) {
    output.check();
    Several several = new Several(dump.named(), jobs);
    SummaryTable table = new SummaryTable(console, output, summary, several.widest());
    int status = look(several, console, summary::of, table::add);
    table.write();
    return status;
  }

  /** Looks at an open dump. */
  @FunctionalInterface
  public interface Glance<T> {
    /**
     * What is made of it.
     *
     * @throws VmcoreException what keeps it from being made
     */
    T at(Vmcore vmcore, Ending ending) throws VmcoreException;
  }

  /** Looks at each of several dumps, and hands over what came of it, in their order. */
  public <T> int look(Console console, Glance<T> glance, Consumer<Outcome<T>> taker) {
    return look(new Several(dump.named(), jobs), console, glance, taker);
  }

  private <T> int look(
      Several several, Console console, Glance<T> glance, Consumer<Outcome<T>> taker) {
    return several.look(
        console,
        (file, own, status) -> {
          try (Vmcore vmcore = dump.open(own, file)) {
            Ending ending = new Ending(own, vmcore.name());
            T made = glance.at(vmcore, ending);
            status.set(ending.status());
            return made;
          }
        },
        taker);
  }

  /** A wrong RAM map is why most that fails does. */
  private static void sayOfRam(Console console, Vmcore vmcore) {
    for (Finding finding : vmcore.findings()) {
      if (finding.check().equals("ram_map")) {
        console.say(vmcore.name(), finding.message());
      }
    }
  }

  /** What a command does with an open dump. */
  @FunctionalInterface
  public interface Work {
    /**
     * Does it, and says what it couldn't have.
     *
     * @throws VmcoreException what keeps it from being done
     */
    void on(Vmcore vmcore, Ending ending) throws VmcoreException;
  }

  /** Does {@code work}, whatever it is. */
  public int run(Console console, Work work) throws VmcoreException {
    return run(console, When.AUTO, UnaryOperator.identity(), work);
  }

  /** Does {@code work} on a dump whose opening shows {@code progress}. */
  public int run(Console console, When progress, Work work) throws VmcoreException {
    return run(console, progress, UnaryOperator.identity(), work);
  }

  /** Does {@code work} on a dump opened with options that {@code more} adds. */
  public int run(Console console, When progress, UnaryOperator<OpenOptions.Builder> more, Work work)
      throws VmcoreException {
    try (Vmcore vmcore = dump.open(console, progress, more)) {
      Ending ending = new Ending(console, vmcore.name());
      try {
        work.on(vmcore, ending);
      } catch (VmcoreException e) {
        sayOfRam(console, vmcore);
        throw e;
      }
      return ending.status();
    }
  }
}
