package org.vmcore.cli.remoteproc;

import org.jspecify.annotations.Nullable;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.When;
import org.vmcore.remoteproc.collect.CollectListener;
import org.vmcore.remoteproc.collect.CollectedDump;

/** Tells of dumps as they are done, and meanwhile how far those are that are being read. */
abstract class Telling implements CollectListener {
  private final Console console;
  private final When when;

  /** That of the dumps that are being read; none where there are none. */
  private @Nullable Progress progress;

  private long done;

  Telling(Console console, When when) {
    this.console = console;
    this.when = when;
  }

  /** Prints what became of {@code dump}. */
  abstract void print(CollectedDump dump);

  @Override
  public void collected(CollectedDump dump) {
    if (progress != null) {
      progress.finish();
    }
    print(dump);
    console.out().flush(); // others may take long
    if (dump.problem().isPresent()) {
      console.say(CollectedFields.title(dump), dump.problem().get());
    }
  }

  @Override
  public void progress(int reading, long bytes) {
    if (progress == null) {
      progress = Progress.ofStreams(console, when);
    }
    progress.add(bytes - done);
    done = bytes;
    if (reading == 0) {
      progress.finish();
      progress = null;
    }
  }
}
