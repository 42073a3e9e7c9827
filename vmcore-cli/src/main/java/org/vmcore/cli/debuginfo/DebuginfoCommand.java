package org.vmcore.cli.debuginfo;

import java.nio.file.Path;
import java.util.Optional;
import org.vmcore.Vmcore;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Fields;
import org.vmcore.debuginfo.DebugFile;
import org.vmcore.debuginfo.DebugInfo;
import org.vmcore.debuginfo.DebugInfo.Modules;
import org.vmcore.debuginfo.DebugInfo.Stored;
import org.vmcore.debuginfo.terms.Purpose;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore debuginfo}. */
public final class DebuginfoCommand implements Subcommand {
  private static final String NAME = "debuginfo";

  private final Frame frame = Frame.ofDump();
  private final Opt<Path> output =
      Opt.of(
          Path.class,
          PathConverter.ofOutput(),
          "FILE",
          "The vmlinux that is written; - is stdout.",
          "-o",
          "--output");
  private final Opt<Path> store =
      Opt.of(
          Path.class,
          PathConverter.ofOutput(),
          "DIR",
          "Write it below DIR by its build ID, .build-id/xx/yyyy.debug, where drgn looks for it"
              + " (--debug-directory DIR). One that is there is left, unless --force is given.",
          "--store");
  private final Opt<Debuggers> debuggers =
      Opt.choice(
          Debuggers.values(),
          "TOOLS",
          "Whom it is for: crash,drgn (default; crash or drgn is the same), with addresses as the kernel was linked, so that it"
              + " serves every dump of this build; or gdb, with those at which this one ran, and"
              + " with .debug_frame for backtraces.",
          "--for");
  private final Opt<Boolean> withoutText =
      Opt.flag(
          "Leave out the bytes of text and data, which debuggers read from the dump: a small file.",
          "--without-text");
  private final Opt<Path> modules =
      Opt.of(
          Path.class,
          PathConverter.ofOutput(),
          "DIR",
          "Write a file for each module that was loaded, NAME.ko, into DIR: for crash's mod -S DIR,"
              + " and for drgn -s.",
          "--modules");
  private final Opt<Boolean> verbose =
      Opt.flag(
          "Tell which well-known variables have no type, why, and what is of little matter.",
          "--verbose");
  private final KernelOptions kernel = new KernelOptions();
  private final OutputOptions printed = new OutputOptions();
  private final FileOptions files = new FileOptions();

  /** {@link Purpose} as the command line has it. */
  private enum Debuggers {
    CRASH_DRGN("crash,drgn", Purpose.CRASH_DRGN),
    CRASH("crash", Purpose.CRASH_DRGN),
    DRGN("drgn", Purpose.CRASH_DRGN),
    GDB("gdb", Purpose.GDB);

    private final String label;
    private final Purpose purpose;

    Debuggers(String label, Purpose purpose) {
      this.label = label;
      this.purpose = purpose;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            NAME,
            "Make a vmlinux out of the dump, for crash, drgn and gdb.",
            "No debuginfo package is needed: symbols, types, functions, well-known variables and"
                + " unwind tables are taken from the kernel's own memory. Of what the real file has"
                + " only source lines, inlined functions, local variables and the types of other"
                + " variables are missing. What the dump lacks of the image is zeros in the file; it"
                + " is told on stderr, and where it is lost the exit status is 3. A file appears"
                + " whole or not at all, readable by its owner only.");
    frame.addDumpTo(spec);
    output.addTo(spec);
    store.addTo(spec);
    debuggers.addTo(spec);
    withoutText.addTo(spec);
    modules.addTo(spec);
    verbose.addTo(spec);
    kernel.addTo(spec);
    printed.addTo(spec);
    files.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore debuginfo -o vmlinux vmcore && crash vmlinux vmcore",
        "  vmcore debuginfo -o vmlinux vmcore && drgn -c vmcore -s vmlinux",
        "  vmcore debuginfo --for gdb -o vmlinux vmcore",
        "  vmcore core -o core vmcore && gdb vmlinux core",
        "  vmcore debuginfo -o vmlinux --modules modules vmcore",
        "  vmcore debuginfo --store ~/debug vmcore");
  }

  @Override
  public Fields fields() {
    return DebuginfoFields.FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    boolean isJson = printed.isJson();
    check(isJson);
    if (output.isGiven()) {
      files.prepare(target());
    }
    frame.tellName(console);
    return frame.run(console, (vmcore, ending) -> make(console, vmcore, ending, isJson));
  }

  private void check(boolean isJson) {
    if (output.isGiven() == store.isGiven()) {
      throw new UsageException("Give one of --output and --store");
    }
    if (store.isGiven() && purpose() == Purpose.GDB) {
      throw new UsageException(
          "--store has no effect with --for gdb: such a file is that of one dump, not of a build");
    }
    if (isStdout()) {
      verbose.requireEffect(false, "on stdout");
      if (isJson) {
        throw new UsageException("The file goes to stdout: there is no room for JSON");
      }
    }
  }

  private boolean isStdout() {
    return output.isGiven() && FileOptions.isStdout(output.value().orElseThrow());
  }

  private Path target() {
    return FileOptions.path(output.value().orElseThrow());
  }

  private Purpose purpose() {
    return debuggers.or(Debuggers.CRASH_DRGN).purpose;
  }

  private void make(Console console, Vmcore vmcore, Ending ending, boolean isJson)
      throws VmcoreException {
    DebugInfo info =
        DebugInfo.of(vmcore, kernel.kernel(vmcore))
            .purpose(purpose())
            .force(files.force())
            .checking(files::prepare)
            .sync(files.sync());
    if (withoutText.isGiven()) {
      info.withoutText();
    }
    DebuginfoReport report = report(vmcore, info);
    if (isJson) {
      report.json(printed.document(console, NAME, vmcore));
    } else if (!isStdout()) {
      report.text(console.out(), verbose.isGiven());
    }
    report.end(ending, verbose.isGiven());
  }

  private DebuginfoReport report(Vmcore vmcore, DebugInfo info) throws VmcoreException {
    Optional<DebugFile> made;
    Path file;
    if (store.isGiven()) {
      Stored stored = info.store(store.value().orElseThrow());
      file = stored.file();
      made = stored.made();
    } else {
      file = target();
      made = Optional.of(info.write(file));
    }
    Optional<Path> folder = modules.value();
    Optional<Modules> ofModules =
        folder.isPresent() ? Optional.of(info.modules(folder.get())) : Optional.empty();
    return new DebuginfoReport(vmcore.name(), file, purpose(), made, folder, ofModules);
  }
}
