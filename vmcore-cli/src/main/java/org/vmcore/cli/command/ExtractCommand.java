package org.vmcore.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.vmcore.LoadSegment;
import org.vmcore.Vmcore;
import org.vmcore.cli.bytes.MemoryWalk;
import org.vmcore.cli.bytes.Missing;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.ProgressOption;
import org.vmcore.cli.option.RangeConverter;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Progress;
import org.vmcore.extract.ExtractOptions;
import org.vmcore.extract.Extraction;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.FileNames;
import org.vmcore.values.Printable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore extract}. */
public final class ExtractCommand implements Subcommand {
  private final Frame frame = Frame.ofDump();

  private final Opt<List<Integer>> loads =
      Opt.list(
          Integer.class,
          new Numbers.Index(),
          "N",
          "The PT_LOAD with this index in 'vmcore segments'. Repeatable.",
          "--load");
  private final Opt<List<AddressRange>> ranges =
      Opt.list(
          AddressRange.class,
          new RangeConverter(),
          "RANGE",
          "Physical addresses, FROM-TO (inclusive) or FROM+SIZE. Repeatable.",
          "--phys");
  private final Opt<List<AddressRange>> virtualRanges =
      Opt.list(
          AddressRange.class,
          new RangeConverter(),
          "RANGE",
          "Kernel virtual addresses, by the dump's page tables; where these have nothing, by its"
              + " PT_LOADs. Repeatable.",
          "--virt");
  private final Opt<List<String>> sections =
      Opt.list(
          String.class,
          text -> text,
          "NAME",
          "The section of this name, of a remote processor's coredump that has sections."
              + " Repeatable.",
          "--section");
  private final Opt<Boolean> all = Opt.flag("Every PT_LOAD.", "--all");
  private final Opt<Path> output =
      Opt.of(
              Path.class,
              PathConverter.ofOutput(),
              "FILE-or-DIR",
              "The file; - is stdout. For --all, for several parts, and where it is a directory: the"
                  + " directory in which files are named load-N.bin, load-N-NAME.bin,"
                  + " phys-RANGE.bin or virt-RANGE.bin.",
              "-o",
              "--output")
          .required();
  private final FileOptions files = new FileOptions();
  private final ProgressOption progress = new ProgressOption();

  /** Something that becomes one file. */
  private record Part(String name, Extraction memory, long size) {}

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "extract",
            "Write memory to files.",
            "What is excluded, not mapped or not RAM becomes holes of zeros, told in one line; so does what is"
                + " lost, with exit status 3. A file appears whole or not at all, readable by its"
                + " owner only.");
    frame.addDumpTo(spec);
    loads.addTo(spec);
    sections.addTo(spec);
    ranges.addTo(spec);
    virtualRanges.addTo(spec);
    all.addTo(spec);
    output.addTo(spec);
    files.addTo(spec);
    progress.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore extract --load 2 -o low.bin vmcore",
        "  vmcore extract --phys 0x1000-0x9ffff -o - vmcore | sha256sum",
        "  vmcore extract --virt 0xffffffff81000000+2MiB -o text.bin vmcore",
        "  vmcore extract --all -o segments/ vmcore",
        "  vmcore extract --section text -o text.bin devcd.elf");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    checkChoice();
    return frame.run(
        console, progress.when(), (vmcore, ending) -> extract(console, vmcore, ending));
  }

  private void extract(Console console, Vmcore vmcore, Ending ending) throws VmcoreException {
    List<Part> parts = parts(console, vmcore);
    List<Path> targets = targets(parts);
    boolean toStdout = FileOptions.isStdout(targets.getFirst());
    Progress shown = progress.start(console, total(parts), toStdout);
    ExtractOptions options = new ExtractOptions(files.force(), files.sync(), shown::add);
    Missing missing = new Missing();
    try {
      for (int i = 0; i < parts.size(); i++) {
        Path target = targets.get(i);
        files.prepare(target);
        missing.add(parts.get(i).memory().to(FileOptions.path(target), options));
      }
    } finally {
      shown.finish();
    }
    ending.zeros(missing, virtualRanges.isGiven() ? Missing.NOT_MAPPED : Missing.NOT_RAM);
  }

  private void checkChoice() {
    long kinds =
        Stream.of(loads, sections, ranges, virtualRanges, all).filter(Opt::isGiven).count();
    if (kinds != 1) {
      throw new UsageException(
          "What to extract: give one of --load, --section, --phys, --virt and --all");
    }
  }

  private List<Part> parts(Console console, Vmcore vmcore) throws VmcoreException {
    List<Part> parts = new ArrayList<>();
    for (AddressRange range : virtualRanges.or(List.of())) {
      parts.add(virtual(console, vmcore, range));
    }
    for (AddressRange range : ranges.or(List.of())) {
      parts.add(physical(vmcore, range));
    }
    if (all.isGiven()) {
      vmcore.loads().forEach(load -> parts.add(part(load)));
    }
    for (int index : loads.or(List.of())) {
      parts.add(part(load(vmcore, index)));
    }
    for (String name : sections.or(List.of())) {
      parts.add(part(section(vmcore, name)));
    }
    if (parts.isEmpty()) {
      throw VmcoreException.of(vmcore.name(), "no PT_LOAD: the dump holds no memory");
    }
    return parts;
  }

  private static Part physical(Vmcore vmcore, AddressRange range) throws VmcoreException {
    Memory memory = vmcore.physical();
    if (!MemoryWalk.hasRam(memory, range.start(), range.size())) {
      throw VmcoreException.of(vmcore.name(), "physical addresses " + range + ": not RAM");
    }
    return new Part(
        "phys-" + range + ".bin", Extraction.of(memory, range.start(), range.size()), range.size());
  }

  private static Part virtual(Console console, Vmcore vmcore, AddressRange range)
      throws VmcoreException {
    ReadPlace place = ReadPlace.virtual(console, vmcore, range.start(), range.size());
    if (!place.hasRam()) {
      String why = place.memory().absenceAt(range.start());
      throw VmcoreException.of(vmcore.name(), "virtual addresses " + range + ": " + why);
    }
    return new Part(
        "virt-" + range + ".bin",
        Extraction.of(place.memory(), range.start(), range.size()),
        range.size());
  }

  private static Part part(LoadSegment load) {
    String name = load.name().map(FileNames::safe).orElse("");
    String file = "load-" + load.index() + (name.isEmpty() ? "" : "-" + name) + ".bin";
    return new Part(file, Extraction.of(load, 0, load.size()), load.size());
  }

  private static LoadSegment load(Vmcore vmcore, int index) throws VmcoreException {
    for (LoadSegment load : vmcore.loads()) {
      if (load.index() == index) {
        return load;
      }
    }
    throw VmcoreException.of(
        vmcore.name(), "segment " + index + " is no PT_LOAD; these are: " + ranges(vmcore.loads()));
  }

  private static LoadSegment section(Vmcore vmcore, String name) throws VmcoreException {
    List<LoadSegment> found =
        vmcore.loads().stream().filter(load -> load.name().orElse("").equals(name)).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    String none = vmcore.crashHeaders().names().isEmpty() ? ": the dump has no sections" : "";
    throw VmcoreException.of(
        vmcore.name(),
        found.isEmpty()
            ? "no section " + Printable.text(name) + none
            : "several sections are called "
                + Printable.text(name)
                + ": take one of them by --load "
                + ranges(found));
  }

  /** {@code 1-7, 9}. */
  private static String ranges(List<LoadSegment> loads) {
    List<Integer> ascending = loads.stream().map(LoadSegment::index).toList();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < ascending.size(); ) {
      int end = i + 1;
      while (end < ascending.size() && ascending.get(end) == ascending.get(i) + end - i) {
        end++;
      }
      text.append(text.isEmpty() ? "" : ", ").append(ascending.get(i));
      text.append(end - i > 1 ? "-" + ascending.get(end - 1) : "");
      i = end;
    }
    return text.isEmpty() ? "none" : text.toString();
  }

  private List<Path> targets(List<Part> parts) throws VmcoreException {
    Path target = output.value().orElseThrow();
    boolean directory = all.isGiven() || parts.size() > 1 || Files.isDirectory(target);
    if (!directory) {
      return List.of(target);
    }
    if (FileOptions.isStdout(target)) {
      throw new UsageException("Only one part can go to stdout");
    }
    try {
      Files.createDirectories(target);
    } catch (IOException e) {
      boolean exists = Files.exists(target);
      String reason = exists ? "not a directory" : "the directory can't be made";
      throw VmcoreException.of(target.toString(), reason, e);
    }
    Set<Path> targets = new LinkedHashSet<>();
    for (Part part : parts) {
      Path file = target.resolve(part.name());
      files.requireNew(file);
      if (!targets.add(file)) {
        throw new UsageException(part.name() + " would be written twice");
      }
    }
    return List.copyOf(targets);
  }

  private static long total(List<Part> parts) {
    long total = 0;
    for (Part part : parts) {
      total += part.size();
    }
    return total;
  }
}
