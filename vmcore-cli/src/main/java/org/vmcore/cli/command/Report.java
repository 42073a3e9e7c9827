package org.vmcore.cli.command;

import org.vmcore.Vmcore;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.memory.VmcoreException;

/** What a command tells of one dump, as text or as one JSON object. */
public interface Report {
  /** Fills {@code json}, and ends it. */
  void json(Json json) throws VmcoreException;

  /** Writes it for people. */
  void text(TextOut out, OutputOptions output) throws VmcoreException;

  /**
   * Says what is to be said when all is printed.
   *
   * @throws VmcoreException when nothing was found
   */
  void end(Ending ending) throws VmcoreException;

  /** Makes the report of an open dump. */
  @FunctionalInterface
  interface Of {
    /** The report of {@code vmcore}. */
    Report report(Vmcore vmcore) throws VmcoreException;
  }
}
