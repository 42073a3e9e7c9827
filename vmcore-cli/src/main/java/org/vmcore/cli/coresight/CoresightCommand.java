package org.vmcore.cli.coresight;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.ProgressOption;
import org.vmcore.cli.option.RangeConverter;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.LossException;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.TextOut;
import org.vmcore.coresight.CrashMetadata;
import org.vmcore.coresight.DumpNode;
import org.vmcore.coresight.PanicDumps;
import org.vmcore.coresight.ReservedTraces;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.symbols.Symbol;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code vmcore coresight}. */
public final class CoresightCommand implements Subcommand {
  private static final String NAME = "coresight";
  private static final String JSON_FILE = "coresight.json";
  private static final String PLACE = "SYMBOL|ADDR";

  private final Frame frame = Frame.ofDump();
  private final Opt<String> list =
      Opt.of(
              String.class,
              text -> text,
              PLACE,
              "The list's head: a symbol, an address or SYMBOL+N; by default the symbol"
                  + " coresight_dump_list or coresight_kdump_list.",
              "--list")
          .offering(Names.SYMBOLS);
  private final Opt<Integer> max =
      Opt.of(
          Integer.class,
          new Numbers.Index(),
          "N",
          "The most nodes that are taken; by default " + PanicDumps.MAX_NODES + ".",
          "--max");
  private final Opt<AddressRange> reserved =
      Opt.of(
          AddressRange.class,
          new RangeConverter(),
          "RANGE",
          "Physical addresses, FROM-TO (inclusive) or FROM+SIZE: reserved memory in which a struct"
              + " tmc_crash_metadata is; by default what the kernel's device tree gives to it.",
          "--reserved");
  private final Opt<Path> output =
      Opt.of(
          Path.class,
          PathConverter.ofOutput(),
          "DIR",
          "Write each buffer to a file in this folder, NN-cpuN-typeN-DEVICE.bin, and what is known"
              + " of them to coresight.json.",
          "-o",
          "--output");
  private final Opt<Path> snapshot =
      Opt.of(
          Path.class,
          PathConverter.ofOutput(),
          "DIR",
          "Write the traces as a snapshot folder, which OpenCSD's trc_pkt_lister opens.",
          "--snapshot");
  private final FileOptions files = new FileOptions();
  private final ProgressOption progress = new ProgressOption();
  private final KernelOptions kernel = new KernelOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            NAME,
            "Print or write what CoreSight saved when the kernel panicked.",
            "A kernel with the patches for it links what each device saved in a list: sinks their"
                + " trace (type 1, PANIC), sources how the tracer was set up (type 0, PRE_PANIC)."
                + " The list is followed from both ends where it is torn. Where the kernel's types"
                + " don't have the nodes, the layouts of the patches are tried. What of a buffer"
                + " isn't in the dump is written as zeros, told in a line, with exit status 3."
                + " Traces that later kernels leave in reserved memory are unwrapped: their files"
                + " begin with the oldest byte.");
    frame.addDumpTo(spec);
    list.addTo(spec);
    max.addTo(spec);
    reserved.addTo(spec);
    output.addTo(spec);
    snapshot.addTo(spec);
    files.addTo(spec);
    progress.addTo(spec);
    kernel.addTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore coresight vmcore",
        "  vmcore coresight vmcore -o traces/",
        "  vmcore coresight --list 0xffffffffc0536000 vmcore -o traces/",
        "  vmcore coresight vmcore --snapshot snapshot/ && trc_pkt_lister -ss_dir snapshot/",
        "  vmcore coresight --reserved 0xa0000000+0x1000 vmcore -o traces/");
  }

  @Override
  public Fields fields() {
    return CoresightFields.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    frame.output().check();
    if (max.or(1) == 0) {
      throw new UsageException("Invalid value for --max: it is 0");
    }
    boolean isWriting = output.isGiven() || snapshot.isGiven();
    files.requireEffect(isWriting, "without -o or --snapshot");
    progress.requireEffect(isWriting, "without -o or --snapshot");
    if (output.isGiven()
        && snapshot.isGiven()
        && OutputFolder.isSame(output.value().orElseThrow(), snapshot.value().orElseThrow())) {
      throw new UsageException("-o and --snapshot are one folder: their files have the same names");
    }
    return frame.print(console, NAME, vmcore -> report(console, vmcore));
  }

  private CoresightReport report(Console console, Vmcore vmcore) throws VmcoreException {
    Kernel of = kernel.kernel(vmcore);
    List<Finding> gaps = new ArrayList<>();
    List<CrashMetadata> metadata =
        reserved.isGiven() ? reserved(vmcore) : inDeviceTree(of, vmcore, gaps);
    Optional<PanicDumps> dumps = dumps(of, vmcore, !metadata.isEmpty());
    List<DumpNode> nodes = dumps.isPresent() ? dumps.get().nodes() : List.of();
    Traces traces = new Traces(new SavedNodes(of.memory(), nodes), vmcore.physical(), metadata);
    SnapshotFolder frames = SnapshotFolder.of(traces);
    // Both folders are looked at before anything is written.
    Optional<OutputFolder> folder =
        output.isGiven() ? Optional.of(folder(traces)) : Optional.empty();
    Optional<OutputFolder> snapshots =
        snapshot.isGiven() ? frames.at(snapshot.value().orElseThrow(), files) : Optional.empty();
    long total =
        (folder.isPresent() ? traces.size() : 0) + (snapshots.isPresent() ? frames.size() : 0);
    Progress shown = progress.start(console, total, false);
    try {
      Traces.Saved saved =
          folder.isPresent() ? traces.written(folder.get(), shown) : traces.listed();
      if (snapshots.isPresent()) {
        frames.write(snapshots.get(), shown);
      }
      if (snapshot.isGiven()) {
        gaps.addAll(frames.remarks());
      }
      CoresightReport report = report(of, dumps, saved, gaps);
      if (output.value().isPresent()) {
        OutputFolder.of(output.value().get(), files, List.of(JSON_FILE))
            .write(JSON_FILE, json(report, vmcore));
      }
      return report;
    } finally {
      shown.finish();
    }
  }

  private OutputFolder folder(Traces traces) throws VmcoreException {
    List<String> names = new ArrayList<>(traces.fileNames());
    names.add(JSON_FILE);
    return OutputFolder.of(output.value().orElseThrow(), files, names);
  }

  private CoresightReport report(
      Kernel of, Optional<PanicDumps> dumps, Traces.Saved saved, List<Finding> gaps) {
    return new CoresightReport(
        of, dumps, saved.nodes(), max.isGiven(), new ReservedListing(saved.traces(), gaps));
  }

  /** The traces in reserved memory where the user says that there are some. */
  private List<CrashMetadata> reserved(Vmcore vmcore) throws VmcoreException {
    AddressRange range = reserved.value().orElseThrow();
    List<CrashMetadata> found = ReservedTraces.in(vmcore.physical(), range);
    if (found.isEmpty()) {
      throw VmcoreException.of(
          vmcore.name(), "no tmc_crash_metadata in physical addresses " + range);
    }
    return found;
  }

  /** Those where the kernel's device tree says; a kernel that keeps a list has none. */
  private List<CrashMetadata> inDeviceTree(Kernel of, Vmcore vmcore, List<Finding> gaps)
      throws VmcoreException {
    List<CrashMetadata> found = new ArrayList<>();
    if (!list.isGiven() && PanicDumps.symbol(of).isEmpty()) {
      for (AddressRange range : ranges(of, gaps)) {
        found.addAll(ReservedTraces.in(vmcore.physical(), range));
      }
    }
    return found;
  }

  private static List<AddressRange> ranges(Kernel of, List<Finding> gaps) {
    try {
      return ReservedTraces.ranges(of);
    } catch (VmcoreException e) {
      String line = "the kernel's device tree isn't asked for reserved memory: " + e.reason();
      gaps.add(new Finding("coresight", Finding.Severity.WARNING, OptionalLong.empty(), line));
      return List.of();
    }
  }

  /** The list; where there are other traces there needn't be one. */
  private Optional<PanicDumps> dumps(Kernel of, Vmcore vmcore, boolean mayBeMissing)
      throws VmcoreException {
    boolean isMissing = list.value().isEmpty() && PanicDumps.symbol(of).isEmpty();
    return isMissing && mayBeMissing
        ? Optional.empty()
        : Optional.of(PanicDumps.read(of, head(of, vmcore), max.or(PanicDumps.MAX_NODES)));
  }

  private static String json(CoresightReport report, Vmcore vmcore) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TextOut out = new TextOut(bytes);
    report.json(Json.document(out, true, NAME, vmcore.name()));
    out.flush();
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** The address of the list's head. */
  private long head(Kernel of, Vmcore vmcore) throws VmcoreException {
    if (list.value().isEmpty()) {
      Optional<Symbol> symbol = PanicDumps.symbol(of);
      if (symbol.isEmpty()) {
        throw missing(of, vmcore);
      }
      return new SymbolPlace(symbol.get().name(), 0).address(of, vmcore);
    }
    String place = list.value().get().strip();
    if (place.isEmpty()) {
      throw new UsageException("Invalid value for --list: it is empty");
    }
    if (!Numbers.isAddress(place)) {
      return SymbolPlace.parse("--list", place).address(of, vmcore);
    }
    try {
      return Numbers.address(place);
    } catch (TypeConversionException e) {
      throw new UsageException("Invalid value for --list: " + e.getMessage());
    }
  }

  private static VmcoreException missing(Kernel of, Vmcore vmcore) throws VmcoreException {
    String line = "no symbol " + String.join(" or ", PanicDumps.SYMBOLS);
    for (Finding gap : of.symbols().gaps()) {
      if (gap.severity() == Finding.Severity.ERROR) {
        return new LossException(vmcore.name(), line + ": " + gap.message());
      }
    }
    return VmcoreException.of(
        vmcore.name(),
        line
            + ": the kernel keeps no such list, or kallsyms has no data; --list takes its address,"
            + " --reserved that of traces in reserved memory");
  }
}
