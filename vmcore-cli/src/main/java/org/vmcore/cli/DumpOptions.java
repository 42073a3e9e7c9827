package org.vmcore.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.vmcore.OpenOptions;
import org.vmcore.RamImage;
import org.vmcore.Vmcore;
import org.vmcore.image.Padding;
import org.vmcore.io.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What is opened, and how: a dump, or a machine's RAM from which one is built. */
final class DumpOptions {
  private final boolean isRam;
  private final PositionalParamSpec dump;
  private final RamOptions ram;
  private final ElfcorehdrOptions elfcorehdr = new ElfcorehdrOptions();
  private final Opt<PaddingChoice> padding =
      Opt.choice(
          PaddingChoice.class,
          "WITH",
          "What fractional pages show around the PT_LOAD's bytes: zero (default) or oldmem.",
          "--padding");

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
  DumpOptions() {
    this(false, "DUMP", "The dump; its format is probed.", "In place of DUMP: ");
  }

  private DumpOptions(boolean isRam, String label, String description, String inPlace) {
    this.isRam = isRam;
    this.ram = new RamOptions(inPlace);
    this.dump =
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .type(Path.class)
            .converters(new PathConverter())
            .paramLabel(label)
            .description(description)
            .build();
  }

  /** Nothing but RAM. */
  static DumpOptions ofRam() {
    return new DumpOptions(
        true, "RAM", "A crashed machine's RAM: raw, or in LiME's format.", "In place of RAM: ");
  }

  void addTo(CommandSpec spec) {
    spec.addPositional(dump);
    ram.addTo(spec);
    elfcorehdr.addTo(spec);
    padding.addTo(spec);
  }

  Vmcore open() throws VmcoreException {
    return open(UnaryOperator.identity());
  }

  /** Opens it with options that {@code more} adds. */
  Vmcore open(UnaryOperator<OpenOptions> more) throws VmcoreException {
    Padding chosen = padding.or(PaddingChoice.ZERO).padding;
    OpenOptions options = more.apply(OpenOptions.DEFAULT.withPadding(chosen));
    Path file = dump.getValue();
    if (file != null && ram.isGiven()) {
      throw new UsageException("Give " + dump.paramLabel() + " or --oldmem, not both");
    }
    Optional<RamImage> image = ram.image(isRam ? Optional.ofNullable(file) : Optional.empty());
    elfcorehdr.requireEffect(image.isPresent(), "without --oldmem");
    if (image.isPresent()) {
      return Vmcore.open(image.get().withHeaders(elfcorehdr.place()), options);
    }
    if (file == null) {
      throw new UsageException("Missing required parameter: '" + dump.paramLabel() + "'");
    }
    return Vmcore.open(file, options);
  }
}
