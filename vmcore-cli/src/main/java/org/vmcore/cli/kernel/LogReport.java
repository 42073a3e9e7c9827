package org.vmcore.cli.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Report;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.log.LogRecord;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** The log of an open dump, written as the library tells it. */
final class LogReport implements Report {
  private static final String ESTIMATED =
      "the time of day is estimated, to about a second: VMCOREINFO's crash time less the last"
          + " message's";

  private final Kernel kernel;
  private final String file;
  private final LogOptions options;
  private final boolean isColored;
  private final List<Finding> gaps = new ArrayList<>();
  private Optional<LogClock> clock = Optional.empty();
  private long count;
  private long shown;

  /**
   * The log of {@code vmcore}.
   *
   * @param isColored whether text is coloured by level
   */
  LogReport(Vmcore vmcore, LogOptions options, boolean isColored) {
    this.kernel = Kernel.of(vmcore);
    this.file = vmcore.name();
    this.options = options;
    this.isColored = isColored;
  }

  private LogSelection.Wanted wanted() throws VmcoreException {
    LogOptions.Survey survey = new LogOptions.Survey();
    if (options.needsSurvey()) {
      kernel.log().records(survey);
    }
    if (options.isHumanTime()) {
      clock = Optional.of(LogClock.of(kernel, file, survey.last()));
    }
    return options.wanted(kernel, file, survey);
  }

  private void print(LogSelection.Wanted wanted, Consumer<LogRecord> out) throws VmcoreException {
    LogSelection records = new LogSelection(wanted, out);
    gaps.addAll(kernel.log().records(records));
    records.finish();
    count = records.count();
    shown = records.shown();
  }

  @Override
  public void json(Json json) throws VmcoreException {
    LogSelection.Wanted wanted = wanted();
    print(wanted, new LogJson(json, clock));
    json.finish();
  }

  @Override
  public void text(TextOut out, OutputOptions output) throws VmcoreException {
    LogSelection.Wanted wanted = wanted();
    print(wanted, new LogLines(out, clock, isColored));
  }

  @Override
  public void end(Ending ending) throws VmcoreException {
    for (Finding gap : gaps) {
      ending.gap("log: ", gap);
    }
    if (clock.isPresent() && clock.get().isEstimated()) {
      ending.gap("", Finding.info("boot_time", ESTIMATED));
    }
    if (count == 0 && gaps.isEmpty()) {
      ending.nothing("the kernel's log is empty");
    }
    if (count > 0 && shown == 0) {
      ending.failed(options.nothing());
    } else if (shown == 0) {
      ending.failed();
    }
  }
}
