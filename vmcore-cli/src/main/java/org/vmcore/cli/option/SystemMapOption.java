package org.vmcore.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.cli.help.Section;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** Where the kernel's symbols are from. */
public final class SystemMapOption {
  private final Opt<Path> file =
      Opt.of(
              Path.class,
              new PathConverter(),
              "FILE",
              "The kernel's symbols from its System.map; by default from the dump itself.",
              "--system-map")
          .in(Section.KERNEL);

  public void addTo(CommandSpec spec) {
    file.addTo(spec);
  }

  public void requireEffect(boolean effect, String only) {
    file.requireEffect(effect, only);
  }

  /** The file. */
  Optional<Path> value() {
    return file.value();
  }

  /** The kernel of {@code vmcore}. */
  public Kernel kernel(Vmcore vmcore) throws VmcoreException {
    return Kernel.of(vmcore, file.value(), Optional.empty());
  }
}
