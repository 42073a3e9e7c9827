package org.vmcore.cli.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.vmcore.Vmcore;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.help.Section;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.When;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.OpenOptions;
import org.vmcore.open.Padding;
import org.vmcore.open.RamImage;
import org.vmcore.open.RamMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What is opened, and how: a dump, or a machine's RAM from which one is built. */
public final class DumpOptions {
  private static final Path STDIN = Path.of("/dev/stdin");

  private final boolean isRam;
  private final boolean maySeveral;
  private final PositionalParamSpec dump;
  private final Optional<PositionalParamSpec> argument;
  private final Optional<PositionalParamSpec> second;
  private final RamOptions ram;
  private final ElfcorehdrOptions elfcorehdr;
  private final SpillOptions spill = new SpillOptions();
  private final SearchOption search = new SearchOption();
  private final Opt<PaddingChoice> padding;
  private final Opt<Long> vmcoreInfo =
      Opt.of(
              Long.class,
              new Numbers.Address(),
              "ADDR",
              "The physical address of the VMCOREINFO note of the kernel that crashed. By default the"
                  + " dump's own, else the best of those in memory; info lists them.",
              "--vmcoreinfo")
          .in(Section.OPENING);
  private final Opt<List<Path>> parts =
      Opt.list(
              Path.class,
              new PathConverter(),
              "FILE",
              "Another file of a split dump, in any order; with --ram-map, of raw memory. Repeatable.",
              "--part")
          .in(Section.OPENING);

  /** {@link Padding} as the command line has it. */
  private enum PaddingChoice {
    ZERO("zero", Padding.ZERO),
    OLDMEM("oldmem", Padding.OLDMEM);

    private final String label;
    private final Padding padding;

    PaddingChoice(String label, Padding padding) {
      this.label = label;
      this.padding = padding;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** A dump; in place of it, RAM. */
  public DumpOptions() {
    this(false, Optional.empty(), Optional.empty());
  }

  /** One dump or several; in place of them, RAM. */
  public static DumpOptions ofSeveral() {
    return new DumpOptions(true, Optional.empty(), Optional.empty());
  }

  private DumpOptions(
      boolean maySeveral,
      Optional<PositionalParamSpec> argument,
      Optional<PositionalParamSpec> second) {
    this(
        false,
        maySeveral,
        "DUMP",
        maySeveral
            ? "The dump; its format is probed; - is stdin. Several, and folders: all dumps in them."
            : "The dump; its format is probed; - is stdin.",
        "In place of DUMP: ",
        " A DUMP with a map is raw memory without crash headers: they are made from its ranges.",
        argument,
        second);
  }

  private DumpOptions(
      boolean isRam,
      boolean maySeveral,
      String label,
      String description,
      String inPlace,
      String more,
      Optional<PositionalParamSpec> argument,
      Optional<PositionalParamSpec> second) {
    this.isRam = isRam;
    this.maySeveral = maySeveral;
    this.argument = argument;
    this.second = second;
    Section section = isRam ? Section.OWN : Section.OPENING;
    this.ram = new RamOptions(section, inPlace, more);
    this.elfcorehdr = new ElfcorehdrOptions(section);
    this.padding =
        Opt.choice(
                PaddingChoice.values(),
                "WITH",
                "What fractional pages show around the PT_LOAD's bytes: zero (default) or oldmem.",
                "--padding")
            .in(section);
    this.dump =
        PositionalParamSpec.builder()
            .index(maySeveral ? "0..*" : "0")
            .arity(maySeveral ? "1" : "0..1")
            .required(false)
            .type(maySeveral ? List.class : Path.class)
            .auxiliaryTypes(Path.class)
            .converters(new PathConverter())
            .paramLabel(label)
            .description(description)
            .build();
  }

  /** Nothing but RAM. */
  public static DumpOptions ofRam() {
    return new DumpOptions(
        true,
        false,
        "RAM",
        "A crashed machine's RAM: raw, or in LiME's format.",
        "In place of RAM: ",
        "",
        Optional.empty(),
        Optional.empty());
  }

  /** A dump, in place of it RAM, and behind it an argument. */
  public static DumpOptions withArgument(String label, String description, Names names) {
    return new DumpOptions(false, positional("1", label, description, names), Optional.empty());
  }

  /** The same with another argument behind the first, which may be left out. */
  public static DumpOptions withArguments(
      String label,
      String description,
      Names names,
      String second,
      String secondDescription,
      Names secondNames) {
    return new DumpOptions(
        false,
        positional("1", label, description, names),
        positional("2", second, secondDescription, secondNames));
  }

  private static Optional<PositionalParamSpec> positional(
      String index, String label, String description, Names names) {
    return Optional.of(
        PositionalParamSpec.builder()
            .index(index)
            .arity("0..1")
            .type(String.class)
            .paramLabel(label)
            .description(description)
            .completionCandidates(names)
            .build());
  }

  public void addTo(CommandSpec spec) {
    spec.addPositional(dump);
    if (argument.isPresent()) {
      spec.addPositional(argument.get());
    }
    if (second.isPresent()) {
      spec.addPositional(second.get());
    }
    if (!isRam) {
      parts.addTo(spec);
      vmcoreInfo.addTo(spec);
    }
    ram.addTo(spec);
    elfcorehdr.addTo(spec);
    padding.addTo(spec);
    spill.addTo(spec);
    search.addTo(spec);
  }

  /** The argument; it comes first where --oldmem stands in place of DUMP. */
  public String argument() {
    PositionalParamSpec spec = argument.orElseThrow();
    String second = spec.getValue();
    if (isArgumentFirst()) {
      return dump.originalStringValues().getFirst();
    }
    if (second == null) {
      throw new UsageException("Missing required parameter: '" + spec.paramLabel() + "'");
    }
    return second;
  }

  /** The argument behind that one, where it is given. */
  public Optional<String> secondArgument() {
    PositionalParamSpec spec = (isArgumentFirst() ? argument : second).orElseThrow();
    String value = spec.getValue();
    return Optional.ofNullable(value);
  }

  /** Whether there is an argument: a command may do without. */
  public boolean hasArgument() {
    return isArgumentFirst() || argument.orElseThrow().getValue() != null;
  }

  private boolean isArgumentFirst() {
    return argument.isPresent()
        && ram.isGiven()
        && dump.getValue() != null
        && (second.isPresent() ? second.get() : argument.get()).getValue() == null;
  }

  private @Nullable Path file() {
    List<Path> named = named();
    return isArgumentFirst() || named.isEmpty() ? null : read(named.getFirst());
  }

  private static Path read(Path named) {
    return named.toString().equals("-") ? STDIN : named;
  }

  /** The dumps, as they are named. */
  public List<Path> named() {
    if (maySeveral) {
      List<Path> all = dump.getValue();
      return all == null ? List.of() : all;
    }
    Path one = dump.getValue();
    return one == null ? List.of() : List.of(one);
  }

  /** Whether there may be several dumps. */
  public boolean maySeveral() {
    return maySeveral;
  }

  /** Refuses what only one dump has. */
  public void requireFilesAlone(String reason) {
    parts.requireEffect(false, reason);
    vmcoreInfo.requireEffect(false, reason);
    ram.requireNone(reason);
    elfcorehdr.requireEffect(false, reason);
    if (Collections.frequency(named(), Path.of("-")) > 1) {
      throw new UsageException("There is but one stdin: - can be given once");
    }
  }

  /** Tells the name of what is to be opened, as it was given. */
  public void tellName(Console console) {
    Path file = file();
    if (file != null) {
      console.about(file.toString());
    } else if (ram.isGiven()) {
      console.about(RamMapArgument.listed(ram.files()));
    }
  }

  /** Opens it, and tells when that takes long. */
  public Vmcore open(Console console) throws VmcoreException {
    return open(console, When.AUTO, OpenOptions.builder());
  }

  /** Opens it with options that {@code more} adds. */
  public Vmcore open(Console console, When progress, UnaryOperator<OpenOptions.Builder> more)
      throws VmcoreException {
    return open(console, progress, more.apply(OpenOptions.builder()));
  }

  /** Opens one of several files. */
  public Vmcore open(Console console, Path file) throws VmcoreException {
    OpenOptions.Builder options =
        OpenOptions.builder().padding(padding.or(PaddingChoice.ZERO).padding);
    try (Unpacking unpacking = spill.start(console, When.AUTO)) {
      options.spill(unpacking.spill()).search(search.search(console, When.AUTO));
      return Vmcore.open(read(file), options.build());
    }
  }

  private Vmcore open(Console console, When progress, OpenOptions.Builder options)
      throws VmcoreException {
    Padding chosen = padding.or(PaddingChoice.ZERO).padding;
    if (vmcoreInfo.isGiven()) {
      options.vmcoreInfo(vmcoreInfo.value().orElseThrow());
    }
    try (Unpacking unpacking = spill.start(console, progress)) {
      options.padding(chosen).spill(unpacking.spill()).search(search.search(console, progress));
      Vmcore vmcore = open(options);
      try {
        unpacking.requireEffect(vmcore.envelopes());
        return vmcore;
      } catch (UsageException e) {
        vmcore.close();
        throw e;
      }
    }
  }

  private Vmcore open(OpenOptions.Builder options) throws VmcoreException {
    Path file = file();
    if (file != null && ram.isGiven()) {
      throw new UsageException("Give " + dump.paramLabel() + " or --oldmem, not both");
    }
    boolean fromRam = isRam || ram.isGiven();
    elfcorehdr.requireEffect(fromRam, "without --oldmem");
    parts.requireEffect(!fromRam, "with --oldmem");
    if (file == null && !ram.isGiven()) {
      throw new UsageException("Missing required parameter: '" + dump.paramLabel() + "'");
    }
    return file == null || isRam
        ? openRam(ram.image(Optional.ofNullable(file)).orElseThrow(), options)
        : openDump(file, options);
  }

  private Vmcore openRam(RamImage image, OpenOptions.Builder options) throws VmcoreException {
    return Vmcore.open(image.withHeaders(elfcorehdr.place()), options.build());
  }

  private Vmcore openDump(Path file, OpenOptions.Builder options) throws VmcoreException {
    List<Path> more = parts.or(List.of());
    options.parts(more);
    List<Path> all = new ArrayList<>(List.of(file));
    all.addAll(more);
    Optional<RamMap> map = ram.map(all);
    if (map.isPresent()) {
      options.ramMap(map.get());
    }
    return Vmcore.open(file, options.build());
  }

  /** The files that are read: DUMP or RAM, and the parts. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>(parts.or(List.of()));
    files.addAll(ram.files());
    Path file = file();
    if (file != null) {
      files.add(file);
    }
    return files;
  }
}
