package org.vmcore.cli.option;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Where the kernel's types are from. */
public final class BtfOption {
  private final Opt<Path> file =
      Opt.of(
          Path.class,
          new PathConverter(),
          "FILE",
          "The kernel's types from BTF in a file, raw or the section .BTF of a vmlinux or module;"
              + " by default from the dump itself.",
          "--btf");

  public void addTo(CommandSpec spec) {
    file.addTo(spec);
  }

  /** The file, when it is given. */
  public Optional<Path> file() {
    return file.value();
  }
}
