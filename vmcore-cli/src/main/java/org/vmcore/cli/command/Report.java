package org.vmcore.cli.command;

import org.vmcore.Vmcore;
import org.vmcore.cli.option.DumpOptions;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.io.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** What a command tells of one dump, as text or as one JSON object. */
interface Report {
  /** Fills {@code json}, and ends it. */
  void json(Json json) throws VmcoreException;

  /** Writes it for people. */
  void text(TextOut out, OutputOptions output) throws VmcoreException;

  /**
   * The exit status, and what is to be said on stderr, when all is printed.
   *
   * @throws VmcoreException when nothing was found
   */
  default int status(Console console) throws VmcoreException {
    return ExitStatus.OK;
  }

  /** Makes the report of an open dump. */
  @FunctionalInterface
  interface Of {
    /** The report of {@code vmcore}. */
    Report report(Vmcore vmcore) throws VmcoreException;
  }

  /** The options of a command that reports on a dump, and how it runs. */
  final class Options {
    private final DumpOptions dump = new DumpOptions();
    private final OutputOptions output = new OutputOptions();

    void addTo(CommandSpec spec) {
      dump.addTo(spec);
      output.addTo(spec);
    }

    /** Adds what only tables have, too. */
    void addTableTo(CommandSpec spec) {
      dump.addTo(spec);
      output.addTableTo(spec);
    }

    /** Opens the dump, prints what {@code command} tells of it, and gives the exit status. */
    int run(Console console, String command, Of of) throws VmcoreException {
      boolean json = output.isJson();
      try (Vmcore vmcore = dump.open(console)) {
        Report report = of.report(vmcore);
        if (json) {
          report.json(output.document(console, command, vmcore));
        } else {
          report.text(console.out(), output);
        }
        return report.status(console);
      }
    }
  }
}
