package org.vmcore.cli.option;

import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.cli.help.Section;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.When;
import org.vmcore.open.Search;
import picocli.CommandLine.Model.CommandSpec;

/** How far memory is searched; tells how far a search is, for it may take long. */
public final class SearchOption {
  private final Opt<Long> limit =
      Opt.of(
              Long.class,
              new Numbers.Limit(),
              "SIZE",
              "The most bytes that each search of memory reads, for crash headers, VMCOREINFO, kallsyms"
                  + " or the list of modules (default: 512GiB; 2GiB for the last two; 4GiB for what info"
                  + " tells of the kernel). 0: nothing is searched; none: there is no limit.",
              "--search-limit")
          .in(Section.OPENING);

  public void addTo(CommandSpec spec) {
    limit.addTo(spec);
  }

  /** Searches as the option says, with their progress on {@code console}. */
  public Search search(Console console, When progress) {
    Search.Listener listener = new Searching(console, progress);
    return limit.isGiven()
        ? new Search(limit.or(Search.LIMIT), listener)
        : new Search(OptionalLong.empty(), listener);
  }

  /** The progress of one search after the other. */
  private static final class Searching implements Search.Listener {
    private final Console console;
    private final When when;
    private Optional<Progress> shown = Optional.empty();
    private long counted;

    Searching(Console console, When when) {
      this.console = console;
      this.when = when;
    }

    @Override
    public void progress(String what, long done, long total) {
      if (done < counted) {
        over(); // the same memory is gone over again
      }
      if (shown.isEmpty()) {
        shown = Optional.of(Progress.of(console, when, "searching for " + what + ": ", total));
      }
      shown.get().add(done - counted);
      counted = done;
    }

    @Override
    public void over() {
      shown.ifPresent(Progress::finish);
      shown = Optional.empty();
      counted = 0;
    }
  }
}
