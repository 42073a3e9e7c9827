package org.vmcore.cli.gdb;

import java.nio.file.Path;
import java.util.List;
import org.vmcore.Vmcore;
import org.vmcore.cli.bytes.Missing;
import org.vmcore.cli.command.Ending;
import org.vmcore.cli.command.Frame;
import org.vmcore.cli.command.Subcommand;
import org.vmcore.cli.option.FileOptions;
import org.vmcore.cli.option.KernelOptions;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.OutputOptions;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.ProgressOption;
import org.vmcore.cli.option.RangeConverter;
import org.vmcore.cli.option.UsageException;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.Field;
import org.vmcore.cli.output.Fields;
import org.vmcore.cli.output.HumanSize;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.Progress;
import org.vmcore.cli.output.TextOut;
import org.vmcore.gdb.core.CoreOptions;
import org.vmcore.gdb.core.CoreWritten;
import org.vmcore.gdb.core.KernelCore;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code vmcore core}. */
public final class CoreCommand implements Subcommand {
  private static final String NAME = "core";

  private static final Fields FIELDS = Fields.ofDump();
  private static final Field FILE = FIELDS.text("file", "The core file.");
  private static final Field SIZE = FIELDS.size("size", "The bytes written to it.");
  private static final Field THREADS = FIELDS.count("threads", "How many threads it has.");
  private static final Field UNKNOWN =
      FIELDS.count("without_registers", "How many of them have no registers: nothing tells them.");
  private static final Field LOADS = FIELDS.count("loads", "How many PT_LOADs it has.");
  private static final Field MEMORY = FIELDS.size("memory", "The bytes of memory in it.");
  private static final Field EXCLUDED =
      FIELDS.size("excluded", "Bytes that should be in it and are excluded from the dump.");
  private static final Field LOST = FIELDS.size("lost", "Bytes that should be in it and are lost.");

  private final Frame frame = Frame.ofDump();
  private final Opt<Path> output =
      Opt.of(
          Path.class,
          PathConverter.ofOutput(),
          "OUT",
          "The core file that is written; - is stdout.",
          "-o",
          "--output");
  private final Opt<Boolean> allMemory =
      Opt.flag("All of physical memory, too, where the kernel maps it directly.", "--all-memory");
  private final Opt<List<AddressRange>> ranges =
      Opt.list(
          AddressRange.class,
          new RangeConverter(),
          "RANGE",
          "These kernel virtual addresses, too. Repeatable.",
          "--virt");
  private final KernelOptions kernelOptions = new KernelOptions();
  private final OutputOptions printed = new OutputOptions();
  private final FileOptions files = new FileOptions();
  private final ProgressOption progress = new ProgressOption();

  @Override
  public CommandSpec spec() {
    CommandSpec spec =
        Subcommand.named(
            this,
            NAME,
            "Write a core file for gdb, in which each task is a thread.",
            "It has the kernel's image, modules and per-CPU variables, and of each task its struct"
                + " task_struct and its stack, at kernel virtual addresses. The thread that gdb"
                + " selects is the task that crashed; a thread's number is its pid, that of CPU n's"
                + " idle task 10000000 + n. A running task has its CPU's registers, a sleeping one"
                + " those that it saved, and 0 in the others. What is excluded from the dump or lost"
                + " isn't in the file: gdb can't access it. Symbols and types are in what 'vmcore"
                + " debuginfo --for gdb' writes.");
    frame.addDumpTo(spec);
    output.addTo(spec);
    allMemory.addTo(spec);
    ranges.addTo(spec);
    kernelOptions.addTo(spec);
    printed.addTo(spec);
    files.addTo(spec);
    progress.addTo(spec);
    return Subcommand.finished(
        spec,
        "  vmcore core -o core vmcore && gdb vmlinux core",
        "  vmcore core --all-memory -o core vmcore",
        "  vmcore core --virt 0xffffc90000000000+1MiB -o core vmcore");
  }

  @Override
  public Fields fields() {
    return FIELDS;
  }

  @Override
  public int run(Console console) throws VmcoreException {
    if (!output.isGiven()) {
      throw new UsageException("Missing required option: '--output=OUT'");
    }
    Path target = output.value().orElseThrow();
    boolean isStdout = FileOptions.isStdout(target);
    if (isStdout && printed.isJson()) {
      throw new UsageException("The core file goes to stdout: there is no room for JSON");
    }
    printed.check();
    progress.requireEffect(allMemory.isGiven(), "without --all-memory");
    files.prepare(target);
    frame.tellName(console);
    return frame.run(
        console,
        progress.when(),
        (vmcore, ending) -> write(console, vmcore, ending, target, isStdout));
  }

  private void write(Console console, Vmcore vmcore, Ending ending, Path target, boolean isStdout)
      throws VmcoreException {
    Progress shown = progress.start(console, vmcore.memorySize(), isStdout);
    CoreOptions options =
        new CoreOptions(
            allMemory.isGiven(),
            ranges.or(List.of()),
            files.force(),
            files.sync(),
            allMemory.isGiven() ? shown::add : _ -> {});
    CoreWritten written;
    try {
      KernelCore core = KernelCore.of(vmcore, kernelOptions.kernel(vmcore));
      written = core.write(FileOptions.path(target), options);
    } finally {
      shown.finish();
    }
    if (printed.isJson()) {
      json(printed.document(console, NAME, vmcore), target, written);
    } else if (!isStdout) {
      text(console.out(), target, written);
    }
    end(console, vmcore, ending, written);
  }

  private static void json(Json json, Path target, CoreWritten written) {
    json.put(FILE, target.toString());
    json.put(SIZE, written.size());
    json.put(THREADS, written.threads());
    json.put(UNKNOWN, written.unknown());
    json.put(LOADS, written.loads());
    json.put(MEMORY, written.memory());
    json.put(EXCLUDED, written.missing().excluded());
    json.put(LOST, written.missing().lost());
    json.finish();
  }

  private static void text(TextOut out, Path target, CoreWritten written) {
    out.text(target.toString()).text(": ").count(written.threads(), "thread").text(", ");
    out.text(HumanSize.of(written.memory())).text(" of memory in ");
    out.count(written.loads(), "PT_LOAD").line();
  }

  private static void end(Console console, Vmcore vmcore, Ending ending, CoreWritten written) {
    written.findings().forEach(finding -> ending.gap("", finding));
    if (written.unknown() > 0) {
      console.say(
          vmcore.name(), written.unknown() + " of the threads have no registers in the dump");
    }
    Missing missing = Missing.of(written.missing());
    if (missing.of(PageState.EXCLUDED) > 0) {
      console.say(
          vmcore.name(),
          HumanSize.bytes(missing.of(PageState.EXCLUDED))
              + " excluded from the dump: not in the core file");
    }
    missing.sayLost(console, vmcore.name(), ": not in the core file");
    ending.lost(missing);
  }
}
