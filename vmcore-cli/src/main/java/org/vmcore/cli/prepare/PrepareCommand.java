package org.vmcore.cli.prepare;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.help.Section;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.RamOptions;
import org.vmcore.cli.option.SpillOptions;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.ExitStatus;
import org.vmcore.cli.output.Fields;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.RamImage;
import org.vmcore.output.OutputFile;
import org.vmcore.prepare.BootParameters;
import org.vmcore.prepare.CrashMemory;
import org.vmcore.prepare.CrashPreparation;
import org.vmcore.prepare.Iomem;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore prepare}. */
public final class PrepareCommand implements Subcommand {
  private final IomemOptions iomemOptions = new IomemOptions();
  private final RamOptions ram =
      new RamOptions(Section.OWN, "Where VMCOREINFO is searched for: ", "");
  private final SpillOptions spill = new SpillOptions();
  private final VmcoreInfoOption vmcoreInfo = new VmcoreInfoOption();
  private final CpuOptions cpus = new CpuOptions();
  private final FirstKernelOptions kernelOptions = new FirstKernelOptions();
  private final BootOptions boot = new BootOptions();
  private final Opt<Path> output =
      Opt.of(
              Path.class,
              PathConverter.ofOutput(),
              "OUT",
              "The crash headers, for 'vmcore build --elfcorehdr-file'.",
              "-o",
              "--output")
          .required();
  private final FileOptions files = new FileOptions();
  private final OutputOptions printed = new OutputOptions();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "prepare",
            "Prepare a kernel's crash headers.",
            "Writes the elfcorehdr that the kernel, or kexec, prepares for its crash kernel, and"
                + " prints the boot parameters by which the crash kernel finds it. So RAM of a"
                + " machine without kdump becomes a vmcore, too: prepare, then build.");
    iomemOptions.addTo(spec);
    ram.addTo(spec);
    spill.addTo(spec);
    vmcoreInfo.addTo(spec);
    cpus.addTo(spec);
    kernelOptions.addTo(spec);
    boot.addTo(spec);
    output.addTo(spec);
    files.addTo(spec);
    printed.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore prepare --iomem proc_iomem --oldmem guest.ram -o headers",
        "  vmcore build --elfcorehdr-file headers -o vmcore guest.ram",
        "  vmcore prepare --iomem proc_iomem --crash-notes crash_notes \\",
        "      --oldmem guest.ram --page-offset 0xffff8d07c0000000 \\",
        "      --text-size 0x2830000 --elfcorehdr-at 0x1000000 -o headers",
        "  vmcore prepare --arch arm64 --iomem proc_iomem --oldmem arm.ram \\",
        "      --ram-map 0x40000000+384MiB@0 --dtb fdt --dtb-out crash.dtb -o headers");
  }

  @Override
  public Fields fields() {
    return PreparedJson.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean json = printed.isJson();
    checkOptions();
    Iomem iomem = iomemOptions.read();
    List<AddressRange> regions = iomemOptions.crashKernel(iomem);
    CrashPreparation prepared = prepare(console, iomem, regions);
    byte[] headers = prepared.bytes();
    Optional<BootParameters> parameters =
        boot.parameters(prepared.architecture(), headers.length, regions);
    check(console, iomem, parameters);
    Optional<DeviceTree> tree = boot.deviceTree(parameters);
    write(output.value().orElseThrow(), headers);
    if (tree.isPresent()) {
      write(boot.dtbOut(), tree.get().toBytes());
    }
    List<String> lines = boot.lines(parameters, tree);
    if (json) {
      PreparedJson.write(
          prepared, parameters, lines, headers.length, printed.document(console, "prepare"));
    } else {
      lines.forEach(console.out()::line);
    }
    return ExitStatus.OK;
  }

  private void checkOptions() {
    boot.checkOptions();
    if (FileOptions.isStdout(output.value().orElseThrow())) {
      throw new UsageException("The boot parameters go to stdout: -o takes a file");
    }
    boot.requireOther(output.value().orElseThrow());
  }

  private CrashPreparation prepare(Console console, Iomem iomem, List<AddressRange> regions)
      throws VmcoreException {
    CrashMemory all = iomemOptions.memory(iomem, regions);
    Optional<RamImage> image = ram.image(Optional.empty());
    spill.requireEffect(image.isPresent(), "without --oldmem");
    Optional<VmcoreInfoNote> note = vmcoreInfo.note(console, image, spill, all);
    FirstKernel kernel = kernelOptions.kernel(console, iomem, note);
    CrashMemory memory =
        iomemOptions.memory(all, kernel.architecture(), boot.firmware(kernel.architecture()));
    List<AddressRange> cpuNotes = cpus.notes(console);
    check(iomem, kernel, cpuNotes);
    return new CrashPreparation(
        kernel.architecture(),
        kernel.order(),
        memory,
        cpuNotes,
        kernel.note(),
        kernel.text(),
        kernel.directMap(),
        iomemOptions.backup(memory));
  }

  private void check(Iomem iomem, FirstKernel kernel, List<AddressRange> cpuNotes)
      throws VmcoreException {
    for (AddressRange area : cpuNotes) {
      iomemOptions.requireRam(iomem, area, "a CPU's notes at");
    }
    if (kernel.note().isPresent()) {
      iomemOptions.requireRam(iomem, kernel.note().get(), "VMCOREINFO at");
    }
    if (kernel.text().isPresent()) {
      iomemOptions.requireRam(iomem, kernel.text().get().range(), "the kernel image at");
    }
  }

  private void check(Console console, Iomem iomem, Optional<BootParameters> parameters)
      throws VmcoreException {
    if (parameters.isPresent()) {
      iomemOptions.requireRam(iomem, parameters.get().elfcorehdr(), "the crash headers at");
    } else {
      console.say("no boot parameters: --elfcorehdr-at tells where the headers are going to be");
    }
  }

  private void write(Path target, byte[] bytes) throws VmcoreException {
    try (OutputFile file = files.create(target)) {
      file.write(bytes, 0, bytes.length);
      file.commit();
    }
  }
}
