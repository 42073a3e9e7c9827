package org.vmcore.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.vmcore.Vmcore;
import org.vmcore.cli.option.DumpOptions;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.When;
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

  private Frame(DumpOptions dump) {
    this.dump = dump;
  }

  /** On a dump, or in place of it RAM. */
  public static Frame ofDump() {
    return new Frame(new DumpOptions());
  }

  /** On RAM and nothing else. */
  public static Frame ofRam() {
    return new Frame(DumpOptions.ofRam());
  }

  /** On a dump, and something in it that the argument behind it names. */
  public static Frame withArgument(String label, String description) {
    return new Frame(DumpOptions.withArgument(label, description));
  }

  /** On a dump, something in it, and something else of that, which may be left out. */
  public static Frame withArguments(
      String label, String description, String second, String secondDescription) {
    return new Frame(DumpOptions.withArguments(label, description, second, secondDescription));
  }

  /** Adds what says which dump is opened. */
  public void addDumpTo(CommandSpec spec) {
    dump.addTo(spec);
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
