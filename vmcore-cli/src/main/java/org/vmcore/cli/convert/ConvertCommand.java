package org.vmcore.cli.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.ProgressOption;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Progress;
import org.vmcore.convert.Conversion;
import org.vmcore.convert.ConversionOptions;
import org.vmcore.convert.OutputFormat;
import org.vmcore.convert.PageCompression;
import org.vmcore.convert.level.DumpLevel;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore convert}. */
public final class ConvertCommand implements Subcommand {
  private static final String NAME = "convert";
  private static final int MOST_JOBS = 1024;
  private static final int MOST_PARTS = 1000;

  private final Frame frame = Frame.ofDump();
  private final Opt<Path> output =
      Opt.of(
          Path.class,
          PathConverter.ofOutput(),
          "OUT",
          "The dump that is written; - is stdout.",
          "-o",
          "--output");
  private final Opt<FormatChoice> format =
      Opt.choice(
          FormatChoice.values(),
          "FORMAT",
          "What is written: kdump (default), kdump-compressed; elf; or flat, kdump-compressed in"
              + " the order in which it is made, for pipes (default for stdout).",
          "--to");
  private final CompressionOptions compression = new CompressionOptions();
  private final Opt<Integer> level =
      Opt.of(
          Integer.class,
          new Count("dump level", 0, DumpLevel.MOST),
          "LEVEL",
          "What is left out, a sum: 1 zero pages, 2 page cache, 4 page cache that is private to a"
              + " file system, too, 8 processes' memory, 16 free pages (default: 0, nothing).",
          "-d",
          "--dump-level");
  private final Opt<Integer> split =
      Opt.of(
          Integer.class,
          new Count("number of files", 2, MOST_PARTS),
          "N",
          "Write N files, OUT.1 to OUT.N, with about as many pages in each.",
          "--split");
  private final Opt<Integer> jobs =
      Opt.of(
          Integer.class,
          new Count("number of jobs", 1, MOST_JOBS),
          "N",
          "How many threads work at it (default: as many as there are cores).",
          "--jobs");
  private final Opt<Boolean> dryRun =
      Opt.flag(
          "Write nothing: tell what would be left out, and about how large each level's output"
              + " would be.",
          "--dry-run");
  private final OutputOptions printed = OutputOptions.withoutShortPretty();
  private final FileOptions files = new FileOptions();
  private final ProgressOption progress = new ProgressOption();

  /** {@link OutputFormat} as the command line has it. */
  private enum FormatChoice {
    ELF(OutputFormat.ELF),
    KDUMP(OutputFormat.KDUMP),
    FLAT(OutputFormat.FLAT);

    private final OutputFormat format;

    FormatChoice(OutputFormat format) {
      this.format = format;
    }

    @Override
    public String toString() {
      return format.label();
    }
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            NAME,
            "Write a dump in another format, compressed, without pages that nobody needs.",
            "Of any format that is read. Which pages are cache, processes' or free, the kernel's own"
                + " tables tell, as with makedumpfile's -d; nothing of the kernel's image, page"
                + " tables, stacks, log or memory maps is ever left out. What the source has left"
                + " out or lost stays so, and is counted; lost pages give exit status 3. A file"
                + " appears whole or not at all, readable by its owner only.");
    frame.addDumpTo(spec);
    output.addTo(spec);
    format.addTo(spec);
    compression.addTo(spec);
    level.addTo(spec);
    split.addTo(spec);
    jobs.addTo(spec);
    dryRun.addTo(spec);
    printed.addTo(spec);
    files.addTo(spec);
    progress.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore convert -d 31 --compress zstd -o dump vmcore",
        "  vmcore convert --to elf --compress zstd -o vmcore.zst dump",
        "  vmcore convert --dry-run vmcore",
        "  vmcore convert --split 3 -l -d 31 -o dump vmcore",
        "  vmcore convert --part dump.2 --part dump.3 -o whole dump.1",
        "  ssh host cat vmcore.flat | vmcore convert - -o dump");
  }

  @Override
  public Fields fields() {
    return ConvertFields.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean isJson = printed.isJson();
    checkOutput(isJson);
    OutputFormat chosen = format();
    PageCompression compressed = compression.compression(chosen);
    ConversionOptions.Builder options =
        ConversionOptions.builder()
            .format(chosen)
            .compression(compressed)
            .level(new DumpLevel(level.or(0)))
            .force(files.force())
            .sync(files.sync());
    compression.level(compressed).ifPresent(options::compressionLevel);
    jobs.value().ifPresent(options::jobs);
    List<Path> targets = targets();
    for (Path target : targets) {
      files.prepare(target);
    }
    frame.tellName(console);
    return frame.run(
        console,
        progress.when(),
        (vmcore, ending) -> convert(console, vmcore, ending, options, targets));
  }

  private void checkOutput(boolean isJson) {
    if (dryRun.isGiven()) {
      output.requireEffect(false, "with --dry-run");
      split.requireEffect(false, "with --dry-run");
      files.requireEffect(false, "with --dry-run");
      return;
    }
    if (!output.isGiven()) {
      throw new UsageException("Missing required option: '--output=OUT'");
    }
    if (isStdout()) {
      split.requireEffect(false, "on stdout");
      if (isJson) {
        throw new UsageException("The dump goes to stdout: there is no room for JSON");
      }
      if (format.or(FormatChoice.FLAT) == FormatChoice.KDUMP) {
        throw new UsageException(
            "A kdump-compressed file can't be written to stdout: give --to flat");
      }
    }
    if (split.isGiven() && format.or(FormatChoice.KDUMP) != FormatChoice.KDUMP) {
      throw new UsageException("--split has no effect with --to " + format.value().orElseThrow());
    }
  }

  private boolean isStdout() {
    return output.isGiven() && FileOptions.isStdout(output.value().orElseThrow());
  }

  private OutputFormat format() {
    return format.or(isStdout() ? FormatChoice.FLAT : FormatChoice.KDUMP).format;
  }

  /** The files; none of a dry run. */
  private List<Path> targets() {
    if (dryRun.isGiven()) {
      return List.of();
    }
    Path target = output.value().orElseThrow();
    List<Path> targets = new ArrayList<>();
    for (int part = 1; part <= split.or(1); part++) {
      targets.add(split.isGiven() ? Path.of(target + "." + part) : FileOptions.path(target));
    }
    return targets;
  }

  private void convert(
      Console console,
      Vmcore vmcore,
      Ending ending,
      ConversionOptions.Builder options,
      List<Path> targets)
      throws VmcoreException {
    Progress shown = progress.start(console, vmcore.memorySize(), isStdout());
    ConversionOptions chosen = options.progress(shown::add).build();
    Conversion conversion = Conversion.of(vmcore, chosen);
    Outcome outcome;
    try {
      outcome =
          dryRun.isGiven()
              ? new DryOutcome(chosen, conversion.dryRun())
              : new WrittenOutcome(chosen, conversion.write(targets), targets);
    } finally {
      shown.finish();
    }
    if (printed.isJson()) {
      outcome.json(printed.document(console, NAME, vmcore));
    } else if (!isStdout()) {
      outcome.text(console.out());
    }
    outcome.end(ending);
  }
}
