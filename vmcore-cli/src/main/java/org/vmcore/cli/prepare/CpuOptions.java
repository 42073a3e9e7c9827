package org.vmcore.cli.prepare;

import java.nio.file.Path;
import java.util.List;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.output.Console;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.prepare.CrashNotes;
import picocli.CommandLine.Model.CommandSpec;

/** The possible CPUs, and where their notes are. */
final class CpuOptions {
  private final Opt<Integer> cpus =
      Opt.of(
          Integer.class,
          new Numbers.Index(),
          "N",
          "How many CPUs there may be; by default as many as --crash-notes lists.",
          "--cpus");
  private final Opt<Path> crashNotes =
      Opt.of(
          Path.class,
          new PathConverter(),
          "FILE",
          "Where their notes are: lines 'cpuN ADDRESS SIZE', out of"
              + " /sys/devices/system/cpu/cpuN/crash_notes and crash_notes_size.",
          "--crash-notes");

  void addTo(CommandSpec spec) {
    cpus.addTo(spec);
    crashNotes.addTo(spec);
  }

  /** The notes of the CPUs, as far as they are known. */
  List<AddressRange> notes(Console console) throws VmcoreException {
    List<AddressRange> known =
        crashNotes.isGiven() ? CrashNotes.read(crashNotes.value().orElseThrow()) : List.of();
    int wanted = cpus.or(known.size());
    if (wanted > known.size()) {
      console.say(
          "where the notes of "
              + (known.isEmpty() ? "" : (wanted - known.size()) + " of ")
              + wanted
              + (wanted == 1 ? " CPU" : " CPUs")
              + " are isn't known (--crash-notes): no PT_NOTE for them");
    }
    return known.subList(0, Math.min(wanted, known.size()));
  }
}
