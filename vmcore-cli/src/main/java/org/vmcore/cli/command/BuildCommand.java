package org.vmcore.cli.command;

import java.nio.file.Path;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.bytes.Missing;
import org.vmcore.cli.option.DeviceDumpOption;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.ProgressOption;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Progress;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.MemoryCopy;
import org.vmcore.output.OutputFile;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore build}. */
public final class BuildCommand implements Subcommand {
  private final Frame frame = Frame.ofRam();
  private final Opt<Path> output =
      Opt.of(
              Path.class,
              PathConverter.ofOutput(),
              "OUT",
              "The vmcore; - is stdout.",
              "-o",
              "--output")
          .required();
  private final Opt<NoteAlign> noteAlign =
      Opt.choice(
          NoteAlign.values(),
          "N",
          "p_align of the merged PT_NOTE: 4 (default), or 0 as older crash kernels wrote it.",
          "--note-align");
  private final DeviceDumpOption devices = new DeviceDumpOption();
  private final FileOptions files = new FileOptions();
  private final ProgressOption progress = new ProgressOption();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            "build",
            "Build /proc/vmcore out of a crashed machine's RAM.",
            "Writes the very vmcore that the crash kernel would have shown: --padding oldmem is"
                + " what the kernel does, byte for byte; zero never reads what no PT_LOAD claims."
                + " Memory that isn't RAM becomes holes of zeros, told in one line; so does what"
                + " the image is too short for, with exit status 3. Every other command works on"
                + " the vmcore without writing it: give it --oldmem.");
    frame.addDumpTo(spec);
    output.addTo(spec);
    noteAlign.addTo(spec);
    devices.addTo(spec);
    files.addTo(spec);
    progress.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore build --padding oldmem -o vmcore guest.ram",
        "  vmcore build --elfcorehdr 179572K -o vmcore guest.ram",
        "  vmcore build --ram-map 0-0x7fffffff@0,4GiB+2GiB@2GiB -o vmcore guest.ram",
        "  vmcore build --dtb fdt --ram-map 0x40000000+384MiB@0 -o vmcore arm.ram",
        "  vmcore build --device-dump nic0=nic0.bin --progress always -o vmcore lime.img",
        "  vmcore info --oldmem guest.ram");
  }

  @Override
  public int run(Console console) throws VmcoreException {
    int align = noteAlign.or(NoteAlign.NEWER).bytes();
    try (DeviceDumpOption.Opened dumps = devices.open()) {
      return frame.run(
          console,
          progress.when(),
          o -> o.noteAlign(align).deviceDumps(dumps.dumps()),
          (vmcore, ending) -> {
            explain(console, vmcore);
            write(console, vmcore, ending);
          });
    }
  }

  private void write(Console console, Vmcore vmcore, Ending ending) throws VmcoreException {
    Path target = output.value().orElseThrow();
    Progress shown = progress.start(console, vmcore.size(), FileOptions.isStdout(target));
    MemoryCopy copy = new MemoryCopy(shown::add);
    try (OutputFile file = files.create(target)) {
      copy.append(file, vmcore, 0, vmcore.size());
      file.commit();
    } finally {
      shown.finish();
    }
    ending.zeros(Missing.of(copy.missing()));
    if (vmcore.isDamaged()) {
      ending.damaged();
    }
  }

  /** What is unusual, and how the crash headers were chosen when there was a choice. */
  private static void explain(Console console, Vmcore vmcore) {
    List<Finding> choice = Elfcorehdrs.findings(vmcore);
    if (choice.size() > 1) {
      choice.forEach(each -> console.say(vmcore.name(), "elfcorehdr: " + each.message()));
    }
    for (Finding finding : vmcore.findings()) {
      if (finding.severity() != Finding.Severity.INFO) {
        console.say(vmcore.name(), finding.message());
      }
    }
  }
}
