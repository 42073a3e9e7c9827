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
  private static final String ESTIMATED = "the time of day is estimated";

  private final Kernel kernel;
  private final String file;
  private final LogOptions options;
  private final boolean isColored;
  private final List<Finding> gaps = new ArrayList<>();
  private Optional<LogClock> clock = Optional.empty();
  private Optional<LogSelection> selection = Optional.empty();

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
    if (options.needsClock()) {
      clock = Optional.of(LogClock.of(kernel, file, survey));
    }
    return options.wanted(clock, file, survey);
  }

  private Optional<LogClock> shownClock() {
    return options.isHumanTime() ? clock : Optional.empty();
  }

  private void print(LogSelection.Wanted wanted, Consumer<LogRecord> out) throws VmcoreException {
    LogSelection records = new LogSelection(wanted, out);
    gaps.addAll(kernel.log().records(records));
    records.finish();
    selection = Optional.of(records);
  }

  @Override
  public void json(Json json) throws VmcoreException {
    LogSelection.Wanted wanted = wanted();
    print(wanted, new LogJson(json, shownClock()));
    json.finish();
  }

  @Override
  public void text(TextOut out, OutputOptions output) throws VmcoreException {
    LogSelection.Wanted wanted = wanted();
    print(wanted, new LogLines(out, shownClock(), isColored));
  }

  @Override
  public void end(Ending ending) throws VmcoreException {
    for (Finding gap : gaps) {
      ending.gap("log: ", gap);
    }
    if (clock.isPresent() && clock.get().estimate().isPresent()) {
      ending.gap("", Finding.info("boot_time", ESTIMATED + clock.get().estimate().get()));
    }
    LogSelection records = selection.orElseThrow();
    if (records.count() == 0 && gaps.isEmpty()) {
      ending.nothing("the kernel's log is empty");
    }
    if (records.count() > 0 && records.shown() == 0) {
      ending.failed(options.nothing(records));
    } else if (records.shown() == 0) {
      ending.failed();
    }
  }
}
