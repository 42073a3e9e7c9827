package org.vmcore.cli.option;

import org.vmcore.cli.help.Section;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.When;
import picocli.CommandLine.Model.CommandSpec;

/** Whether progress is shown. */
public final class ProgressOption {
  private final Opt<When> when =
      Opt.choice(
              When.values(),
              "WHEN",
              "Show progress on stderr: auto (default: on a terminal, after a second), always or"
                  + " never.",
              "--progress")
          .in(Section.OUTPUT);

  public void addTo(CommandSpec spec) {
    when.addTo(spec);
  }

  /** Refuses the option where there is no progress to show. */
  public void requireEffect(boolean effect, String only) {
    when.requireEffect(effect, only);
  }

  /** When it is shown. */
  public When when() {
    return when.or(When.AUTO);
  }

  /** Starts the progress of {@code total} bytes that may go to stdout. */
  public Progress start(Console console, long total, boolean toStdout) {
    return Progress.of(console, when(), total, toStdout);
  }
}
