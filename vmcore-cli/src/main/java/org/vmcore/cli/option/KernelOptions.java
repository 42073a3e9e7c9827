package org.vmcore.cli.option;

import java.nio.file.Path;
import org.vmcore.Vmcore;
import org.vmcore.cli.help.Section;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** Where the kernel's symbols and types are from. */
public final class KernelOptions {
  private final SystemMapOption systemMap = new SystemMapOption();
  private final Opt<Path> btf =
      Opt.of(
              Path.class,
              new PathConverter(),
              "FILE",
              "The kernel's types from BTF in a file, raw or the section .BTF of a vmlinux or module;"
                  + " by default from the dump itself.",
              "--btf")
          .in(Section.KERNEL);

  public void addTo(CommandSpec spec) {
    systemMap.addTo(spec);
    btf.addTo(spec);
  }

  /** The kernel of {@code vmcore}. */
  public Kernel kernel(Vmcore vmcore) throws VmcoreException {
    return Kernel.of(vmcore, systemMap.value(), btf.value());
  }
}
