package org.vmcore.cli;

import java.nio.file.Path;
import org.vmcore.OpenOptions;
import org.vmcore.Vmcore;
import org.vmcore.image.Padding;
import org.vmcore.io.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What is opened, and how. */
final class DumpOptions {
  private final PositionalParamSpec dump =
      PositionalParamSpec.builder()
          .index("0")
          .arity("1")
          .required(true)
          .type(Path.class)
          .converters(new PathConverter())
          .paramLabel("DUMP")
          .description("The dump; its format is probed.")
          .build();
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

  void addTo(CommandSpec spec) {
    spec.addPositional(dump);
    padding.addTo(spec);
  }

  Vmcore open() throws VmcoreException {
    Path file = dump.getValue();
    Padding chosen = padding.or(PaddingChoice.ZERO).padding;
    return Vmcore.open(file, OpenOptions.DEFAULT.withPadding(chosen));
  }
}
