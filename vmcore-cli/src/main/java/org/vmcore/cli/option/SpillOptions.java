package org.vmcore.cli.option;

import java.nio.file.Path;
import org.vmcore.cli.help.Section;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.When;
import org.vmcore.open.Spill;
import picocli.CommandLine.Model.CommandSpec;

/** Where, and how far, files are unpacked that are compressed. */
public final class SpillOptions {
  private final Opt<Path> directory =
      Opt.of(
              Path.class,
              new PathConverter(),
              "DIR",
              "Where a compressed file is unpacked that can't be read in place, and a pipe is saved: to a"
                  + " temporary file that nobody else sees (default: the JVM's java.io.tmpdir).",
              "--spill-dir")
          .in(Section.OPENING);
  private final Opt<Long> limit =
      Opt.of(
              Long.class,
              new Numbers.Size(),
              "SIZE",
              "The most it may unpack to (default: 64GiB).",
              "--spill-limit")
          .in(Section.OPENING);

  public void addTo(CommandSpec spec) {
    directory.addTo(spec);
    limit.addTo(spec);
  }

  /** Refuses the options where they would change nothing. */
  public void requireEffect(boolean effect, String only) {
    directory.requireEffect(effect, only);
    limit.requireEffect(effect, only);
  }

  /** What opens files as the options say, and tells of what it unpacks. */
  public Unpacking start(Console console, When progress) {
    return new Unpacking(this, console, progress);
  }

  public Spill spill(Spill.Listener listener) {
    return new Spill(directory.value(), limit.or(Spill.LIMIT), listener);
  }
}
