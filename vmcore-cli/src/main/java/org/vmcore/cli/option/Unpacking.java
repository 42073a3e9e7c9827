package org.vmcore.cli.option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.When;
import org.vmcore.open.Spill;

/** Tells that a file is unpacked before it can be opened, for that takes long. */
public final class Unpacking implements Spill.Listener, AutoCloseable {
  private final SpillOptions options;
  private final Console console;
  private final When when;
  private Optional<Progress> progress = Optional.empty();
  private boolean isUsed;
  private long counted;

  public Unpacking(SpillOptions options, Console console, When when) {
    this.options = options;
    this.console = console;
    this.when = when;
  }

  /** What the options say. */
  public Spill spill() {
    return options.spill(this);
  }

  /** Refuses the options for a file that was in {@code envelopes} none of which is unpacked. */
  public void requireEffect(List<String> envelopes) {
    options.requireEffect(isUsed || envelopes.contains("zstd"), "on a file that isn't compressed");
  }

  @Override
  public void unpacking(String file, String envelope, Path directory) {
    begin();
    console.say(file, envelope + ": unpacking to a temporary file in " + directory);
  }

  @Override
  public void saving(String file, Path directory) {
    begin();
    console.say(file, "a pipe: saved to a temporary file in " + directory);
  }

  @Override
  public void savingStream(String file, Path directory) {
    begin();
    console.say(file, "can't be read at an offset: saved to a temporary file in " + directory);
  }

  private void begin() {
    close();
    isUsed = true;
    counted = 0;
  }

  @Override
  public void progress(long done, long total) {
    Progress shown = progress.orElseGet(() -> Progress.of(console, when, total, false));
    progress = Optional.of(shown);
    shown.add(done - counted);
    counted = done;
  }

  /** Takes the progress away again. */
  @Override
  public void close() {
    progress.ifPresent(Progress::finish);
    progress = Optional.empty();
  }
}
