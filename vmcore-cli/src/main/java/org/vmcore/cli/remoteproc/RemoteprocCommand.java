package org.vmcore.cli.remoteproc;

import java.nio.file.Path;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.help.Names;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.SymbolPlace;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Fields;
import org.vmcore.kernel.Kernel;
import org.vmcore.memory.VmcoreException;
import org.vmcore.remoteproc.kernel.RemoteProcessors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code vmcore remoteproc}. */
public final class RemoteprocCommand implements Subcommand {
  private static final String LIST = "--list";

  private final Frame frame = Frame.ofDump();
  private final Opt<String> list =
      Opt.of(
              String.class,
              text -> text,
              "SYMBOL|ADDR",
              "The head of the list of remote processors, by default rproc_list.",
              LIST)
          .offering(Names.SYMBOLS);
  private final Opt<Boolean> details =
      Opt.flag(
          "Segments, carveouts, virtio devices and their queues, too, in tables of their own.",
          "--details");
  private final Opt<Path> extract =
      Opt.of(
          Path.class,
          PathConverter.ofOutput(),
          "DIR",
          "Write the coredumps that nobody has released to this directory, which is made:"
              + " remoteproc1-devcd8.elf.",
          "--extract");
  private final FileOptions files = new FileOptions();
  private final KernelOptions kernel = new KernelOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "remoteproc",
            "Print the remote processors, ghosts of their devices, and coredumps of them.",
            "The remote processors in the kernel's list, the last one registered first: by the symbol"
                + " rproc_list, or, where the kernel has no symbols of data, by the devices in"
                + " /sys/class/remoteproc. A ghost is a virtio device that was taken off the bus,"
                + " when its remote processor was stopped, and that someone holds still: all of"
                + " memory is searched for them. A coredump that nobody has released is there once"
                + " more as a file with --extract; one that is inline is put together from the"
                + " remote processor's memory, and what only its driver's code can copy is zeros,"
                + " with exit status 3. The kernel's types are needed: from BTF in the dump, or"
                + " --btf.");
    frame.addDumpTo(spec);
    list.addTo(spec);
    details.addTo(spec);
    extract.addTo(spec);
    files.addTo(spec);
    kernel.addTo(spec);
    frame.addTableTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore remoteproc vmcore",
        "  vmcore remoteproc --details --system-map System.map vmcore",
        "  vmcore remoteproc --extract coredumps/ vmcore",
        "  vmcore remoteproc --json vmcore | jq '.rprocs[].vdevs[] | select(.ghost)'");
  }

  @Override
  public Fields fields() {
    return RemoteprocJson.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    frame.output().check();
    details.requireEffect(!frame.output().isJson(), "with --json, which has them");
    files.requireEffect(extract.isGiven(), "without --extract");
    if (list.or(LIST).isBlank()) {
      throw new UsageException("Invalid value for " + LIST + ": it is empty");
    }
    return frame.print(console, "remoteproc", vmcore -> report(vmcore, console));
  }

  private RemoteprocReport report(Vmcore vmcore, Console console) throws VmcoreException {
    Kernel of = kernel.kernel(vmcore);
    RemoteProcessors found =
        list.isGiven()
            ? RemoteProcessors.of(vmcore, of, head(of, vmcore))
            : RemoteProcessors.of(vmcore, of);
    Extraction extraction = new Extraction(files, console);
    if (extract.isGiven()) {
      extraction.write(found, extract.value().orElseThrow());
    }
    return new RemoteprocReport(of, found, extraction, extract.isGiven(), details.isGiven());
  }

  private long head(Kernel of, Vmcore vmcore) throws VmcoreException {
    String place = list.value().orElseThrow().strip();
    if (!Numbers.isAddress(place)) {
      return SymbolPlace.parse(LIST, place).address(of, vmcore);
    }
    try {
      return Numbers.address(place);
    } catch (TypeConversionException e) {
      throw new UsageException("Invalid value for " + LIST + ": " + e.getMessage());
    }
  }
}
