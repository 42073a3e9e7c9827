package org.vmcore.cli.remoteproc;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.ProgressOption;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Cleaner;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.memory.VmcoreException;
import org.vmcore.remoteproc.collect.CollectOptions;
import org.vmcore.remoteproc.collect.CollectedDump;
import org.vmcore.remoteproc.collect.DevcoredumpCollector;
import org.vmcore.remoteproc.collect.SysfsDevcoredumps;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore devcoredump collect}. */
final class CollectCommand implements Subcommand {
  private static final String NAME = "devcoredump collect";
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Opt<Path> output =
      Opt.of(
              Path.class,
              PathConverter.ofOutput(),
              "DIR",
              "The folder of the files, made if it isn't there.",
              "-o",
              "--output")
          .required();
  private final Opt<Boolean> watch =
      Opt.flag("Go on, and collect whatever appears, until a signal ends it.", "--watch");
  private final Opt<Duration> interval =
      Opt.of(
          Duration.class,
          new Seconds(),
          "SECONDS",
          "How often --watch looks for dumps (1).",
          "--interval");
  private final Opt<Boolean> noRelease =
      Opt.flag("Leave the dumps to the kernel, which keeps them for 5 minutes.", "--no-release");
  private final Opt<Path> from =
      Opt.of(
          Path.class,
          new PathConverter(),
          "CLASS",
          "The folder of the dumps (" + SysfsDevcoredumps.CLASS + ").",
          "--from");
  private final OutputOptions printed = new OutputOptions();
  private final ProgressOption progress = new ProgressOption();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "collect",
            "Copy devices' dumps into files, and release them.",
            "Each becomes a file DEVICE-TIME.devcoredump, whole, verified and on the disk, or none;"
                + " then it is released, which lets its device be started again. One that is gone"
                + " before its end is kept as DEVICE-TIME.devcoredump.partial, told where it"
                + " is lost from, with exit status 3. Formats that aren't known are kept and"
                + " released alike. The exit status is 1 when there are no dumps. With --watch JSON is one"
                + " object for each dump, on a line of its own.");
    output.addTo(spec);
    watch.addTo(spec);
    interval.addTo(spec);
    noRelease.addTo(spec);
    from.addTo(spec);
    printed.addTo(spec);
    progress.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore devcoredump collect -o /var/crash",
        "  vmcore devcoredump collect --watch --json -o /var/crash",
        "  vmcore devcoredump collect --no-release -o . && ls -l *.devcoredump");
  }

  @Override
  public Fields fields() {
    return CollectedFields.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    interval.requireEffect(watch.isGiven(), "without --watch");
    Path folder = output.value().orElseThrow();
    if (FileOptions.isStdout(folder)) {
      throw new UsageException(output.name() + " is a folder: no dump goes to stdout");
    }
    Cleaner.install();
    Path root = from.or(SysfsDevcoredumps.CLASS);
    CollectOptions options = CollectOptions.DEFAULT.withRelease(!noRelease.isGiven());
    try {
      return watch.isGiven()
          ? watch(console, root, folder, options)
          : once(console, root, folder, options);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw VmcoreException.of(root.toString(), "interrupted", e);
    }
  }

  /** Ends with a signal, or an exception. */
  private int watch(Console console, Path root, Path folder, CollectOptions options)
      throws VmcoreException, InterruptedException {
    SysfsDevcoredumps dumps = SysfsDevcoredumps.in(root);
    boolean isJson = printed.isJson();
    dumps.pending(); // if that can't be told, no folder is made
    try (DevcoredumpCollector collector = DevcoredumpCollector.open(folder, options)) {
      collector.watch(
          dumps,
          interval.or(INTERVAL),
          new Telling(console, progress.when()) {
            @Override
            void print(CollectedDump dump) {
              if (isJson) {
                Json json = printed.next(console, NAME).array(CollectedFields.DUMPS);
                CollectedFields.json(json, dump);
                json.finish();
              } else {
                CollectedFields.text(console.out(), dump);
              }
            }
          });
    }
    return ExitStatus.OK;
  }

  private int once(Console console, Path root, Path folder, CollectOptions options)
      throws VmcoreException, InterruptedException {
    SysfsDevcoredumps dumps = SysfsDevcoredumps.in(root);
    Json json =
        printed.isJson() ? printed.document(console, NAME).array(CollectedFields.DUMPS) : null;
    if (dumps.pending().isEmpty()) {
      finish(json);
      throw VmcoreException.of(root.toString(), "no device has left a dump");
    }
    List<CollectedDump> all;
    try (DevcoredumpCollector collector = DevcoredumpCollector.open(folder, options)) {
      all =
          collector.collect(
              dumps,
              new Telling(console, progress.when()) {
                @Override
                void print(CollectedDump dump) {
                  if (json != null) {
                    CollectedFields.json(json, dump);
                  } else {
                    CollectedFields.text(console.out(), dump);
                  }
                }
              });
    }
    finish(json);
    return status(all);
  }

  private static void finish(@Nullable Json json) {
    if (json != null) {
      json.finish();
    }
  }

  private static int status(List<CollectedDump> all) {
    int status = ExitStatus.OK;
    for (CollectedDump dump : all) {
      if (dump.isDamaged()) {
        return ExitStatus.DAMAGED;
      }
      if (dump.problem().isPresent()) {
        status = ExitStatus.FAILED;
      }
    }
    return status;
  }
}
