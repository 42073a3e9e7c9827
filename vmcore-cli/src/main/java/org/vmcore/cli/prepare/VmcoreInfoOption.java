package org.vmcore.cli.prepare;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.SearchOption;
import org.vmcore.cli.option.SpillOptions;
import org.vmcore.cli.option.Unpacking;
import org.vmcore.cli.output.Console;
import org.vmcore.cli.output.When;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.format.oldmem.RamImages;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileOldMemory;
import org.vmcore.open.RamImage;
import org.vmcore.open.Search;
import org.vmcore.prepare.CrashMemory;
import org.vmcore.scan.SearchBudget;
import org.vmcore.search.VmcoreInfoChoice;
import org.vmcore.search.VmcoreInfoSearch;
import org.vmcore.search.VmcoreInfoSearch.VmcoreInfoNote;
import org.vmcore.values.Hex;
import picocli.CommandLine.Model.CommandSpec;

/** Where the first kernel tells of itself. */
final class VmcoreInfoOption {
  private final Opt<VmcoreInfoPlace> place =
      Opt.of(
          VmcoreInfoPlace.class,
          new VmcoreInfoPlace.Converter(),
          "ADDR[+SIZE]",
          "Where VMCOREINFO's note is, as /sys/kernel/vmcoreinfo tells; by default it is searched"
              + " for in --oldmem.",
          "--vmcoreinfo");
  private final SearchOption search = new SearchOption();

  void addTo(CommandSpec spec) {
    place.addTo(spec);
    search.addTo(spec);
  }

  /** The note; its text is known only when the RAM is. */
  Optional<VmcoreInfoNote> note(
      Console console, Optional<RamImage> ram, SpillOptions spill, CrashMemory memory)
      throws VmcoreException {
    if (ram.isEmpty()) {
      if (!place.isGiven()) {
        console.say("no PT_NOTE for VMCOREINFO: --vmcoreinfo or --oldmem tells where it is");
      }
      return place
          .value()
          .map(at -> new VmcoreInfoNote(at.area(), VmcoreInfo.parse(""), ByteOrder.LITTLE_ENDIAN));
    }
    List<Finding> findings = new ArrayList<>();
    try (Unpacking unpacking = spill.start(console, When.AUTO);
        ByteSource source = RamImages.source(ram.get(), unpacking.spill(), findings)) {
      unpacking.requireEffect(source.envelopes());
      FileOldMemory bytes = RamImages.memory(ram.get(), source, findings);
      findings.forEach(each -> console.say(source.name(), each.message()));
      return place.isGiven()
          ? Optional.of(at(place.value().orElseThrow(), bytes, source.name()))
          : found(console, bytes, search(console, bytes, source), memory, source.name());
    }
  }

  private List<VmcoreInfoNote> search(Console console, FileOldMemory bytes, ByteSource source)
      throws VmcoreException {
    Search how = search.search(console, When.AUTO);
    try (SearchBudget budget = SearchBudget.of(how, VmcoreInfo.NAME, source.size())) {
      List<VmcoreInfoNote> found = VmcoreInfoSearch.search(bytes, source.name(), budget);
      budget.finding().ifPresent(each -> console.say(source.name(), each.message()));
      return found;
    }
  }

  private static VmcoreInfoNote at(VmcoreInfoPlace at, FileOldMemory bytes, String file)
      throws VmcoreException {
    VmcoreInfoNote note =
        VmcoreInfoSearch.at(bytes, file, at.address())
            .orElseThrow(
                () -> VmcoreException.of(file, "no VMCOREINFO note at " + Hex.of(at.address())));
    return at.size().isPresent() ? new VmcoreInfoNote(at.area(), note.info(), note.order()) : note;
  }

  /** Rather one in the first kernel's memory: what lies elsewhere is another kernel's. */
  private static Optional<VmcoreInfoNote> found(
      Console console,
      FileOldMemory bytes,
      List<VmcoreInfoNote> all,
      CrashMemory memory,
      String file)
      throws VmcoreException {
    List<VmcoreInfoNote> own =
        all.stream().filter(each -> isIn(memory, each.area().start())).toList();
    List<VmcoreInfoNote> chosen = VmcoreInfoChoice.of(bytes, own.isEmpty() ? all : own).notes();
    if (chosen.isEmpty()) {
      console.say(file, "no VMCOREINFO in it: no PT_NOTE for it");
    }
    for (VmcoreInfoNote other : chosen.subList(Math.min(1, chosen.size()), chosen.size())) {
      console.say(
          file,
          "VMCOREINFO: not taken: "
              + other.describe()
              + "; rather: "
              + chosen.getFirst().describe()
              + " (--vmcoreinfo chooses)");
    }
    return chosen.stream().findFirst();
  }

  private static boolean isIn(CrashMemory memory, long address) {
    return memory.ranges().stream().anyMatch(range -> range.contains(address));
  }
}
