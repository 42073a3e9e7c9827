package org.vmcore.cli.info;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.vmcore.Vmcore;
import org.vmcore.cli.output.Json;
import org.vmcore.cli.output.TextOut;
import org.vmcore.elf.VmcoreInfo;
import org.vmcore.kernel.Kernel;
import org.vmcore.kernel.UtsName;
import org.vmcore.kernel.log.KernelLog;
import org.vmcore.kernel.oops.CrashReport;
import org.vmcore.memory.DumpOrigin;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.mmu.AddressSpace;

/** What {@code vmcore info} tells of the kernel, and which of its contents can be had. */
final class KernelFacts {
  /** What a search reads at most unless a limit is set, in bytes: more takes seconds. */
  static final long SEARCHED = 4L << 30;

  private static final String XEN_HOST = "a Xen host's, whose P2M isn't read";

  private final Optional<VmcoreInfo> info;
  private OptionalLong foundAt = OptionalLong.empty();
  private String how = "";
  private List<Finding> unsearched = List.of();
  private Optional<AddressSpace> tables = Optional.empty();
  private String noTables = "";
  private Optional<UtsName> uts = Optional.empty();
  private Optional<String> banner = Optional.empty();
  private Optional<CrashReport> crash = Optional.empty();
  private SystemFacts system = SystemFacts.NONE;
  private OptionalInt symbols = OptionalInt.empty();
  private boolean lacksData;
  private String noSymbols = "";
  private OptionalLong records = OptionalLong.empty();
  private String noLog = "";
  private List<Finding> findings = List.of();
  private List<Finding> choice = List.of();

  private KernelFacts(Optional<VmcoreInfo> info) {
    this.info = info;
  }

  static KernelFacts of(Vmcore vmcore) throws VmcoreException {
    if (vmcore.isXenHost()) {
      KernelFacts host = new KernelFacts(vmcore.vmcoreInfo());
      host.none(XEN_HOST);
      return host;
    }
    Kernel kernel = Kernel.of(vmcore, vmcore.search().withDefault(SEARCHED));
    KernelFacts facts = new KernelFacts(kernel.info());
    facts.unsearched = kernel.gaps();
    facts.foundAt = kernel.infoFoundAt();
    facts.choice = kernel.infoFindings();
    facts.how = how(vmcore);
    facts.tables = kernel.memory().tables();
    facts.noTables = kernel.memory().reason();
    facts.symbols(kernel);
    facts.uts(kernel, vmcore.origin());
    facts.log(kernel.log());
    facts.system = SystemFacts.of(kernel, facts.crash, pageSize(kernel, vmcore));
    return facts;
  }

  /** Of the kernel's own pages: a dump without VMCOREINFO is read by others. */
  private static long pageSize(Kernel kernel, Vmcore vmcore) throws VmcoreException {
    Optional<VmcoreInfo> info = kernel.info();
    long own = info.isEmpty() ? 0 : info.get().pageSize().orElse(0);
    return own > 0 ? own : vmcore.pageSize();
  }

  private void none(String why) {
    noTables = why;
    noSymbols = why;
    noLog = why;
  }

  /** How VMCOREINFO was found, where it isn't the dump's own. */
  private static String how(Vmcore vmcore) throws VmcoreException {
    if (vmcore.vmcoreInfoAt().isPresent()) {
      return "chosen, at ";
    }
    if (vmcore.vmcoreInfoKeptAt().isPresent()) {
      return "no note; where the kernel keeps it, at ";
    }
    return vmcore.vmcoreInfo().isPresent()
        ? "not the dump's note; found in memory at "
        : "no note; found in memory at ";
  }

  private void symbols(Kernel kernel) throws VmcoreException {
    symbols = kernel.symbols().count();
    lacksData = kernel.symbols().lacksData();
    noSymbols = symbols.isPresent() ? "" : kernel.symbols().gaps().getFirst().message();
  }

  /** What the kernel's memory doesn't tell, a header of the file may. */
  private void uts(Kernel kernel, Optional<DumpOrigin> origin) throws VmcoreException {
    try {
      uts = Optional.of(kernel.uts());
    } catch (VmcoreException e) {
      banner = kernel.banner();
      uts = origin.flatMap(KernelFacts::uts);
    }
  }

  private static Optional<UtsName> uts(DumpOrigin origin) {
    List<String> names = origin.utsname();
    return names.get(2).isEmpty()
        ? Optional.empty()
        : Optional.of(
            new UtsName(
                names.get(0),
                names.get(1),
                names.get(2),
                names.get(3),
                names.get(4),
                names.get(5)));
  }

  private void log(KernelLog log) {
    try {
      KernelLog.Summary summary = log.summary();
      findings = summary.gaps();
      crash = Optional.of(summary.crash());
      if (summary.count() == 0 && !findings.isEmpty()) {
        noLog = findings.getFirst().message();
      } else {
        records = OptionalLong.of(summary.count());
      }
    } catch (VmcoreException e) {
      noLog = e.reason();
    }
  }

  /** VMCOREINFO, the note or what was found in memory. */
  Optional<VmcoreInfo> info() {
    return info;
  }

  /** What of the log can't be had. */
  List<Finding> findings() {
    return findings;
  }

  /** How VMCOREINFO was chosen among those in memory. */
  List<Finding> choice() {
    return choice;
  }

  /** What of memory wasn't searched. */
  List<Finding> unsearched() {
    return unsearched;
  }

  Optional<UtsName> uts() {
    return uts;
  }

  /** By VMCOREINFO, else by what the kernel says when it starts. */
  Optional<String> release() {
    Optional<String> release = info.isPresent() ? info.get().osRelease() : Optional.empty();
    if (release.isPresent() || banner.isEmpty()) {
      return release.isPresent() ? release : uts.map(UtsName::release);
    }
    String[] words = banner.get().split(" ", 4); // Linux version RELEASE …
    return words.length > 2 ? Optional.of(words[2]) : release;
  }

  Optional<String> panic() {
    return crash.flatMap(CrashReport::panic);
  }

  /** Whether this is a dump of a kernel that tells of itself. */
  boolean isKnown() {
    return info.isPresent() || symbols.isPresent() || tables.isPresent();
  }

  void json(Json json) {
    if (uts.isPresent()) {
      json.put(InfoFields.VERSION, uts.get().version())
          .put(InfoFields.MACHINE, uts.get().machine());
      json.put(InfoFields.NODENAME, uts.get().nodename());
      json.put(InfoFields.DOMAINNAME, uts.get().domainname());
      json.put(InfoFields.SYSNAME, uts.get().sysname());
    }
    if (banner.isPresent()) {
      json.put(InfoFields.BANNER, banner.get());
    }
    if (panic().isPresent()) {
      json.put(InfoFields.PANIC, panic().get());
    }
    system.json(json);
    if (foundAt.isPresent()) {
      json.put(InfoFields.FOUND_AT, foundAt.getAsLong());
    }
    if (tables.isPresent()) {
      AddressSpace space = tables.get();
      json.object(InfoFields.PAGE_TABLES).put(InfoFields.LEVELS, space.levels());
      json.put(InfoFields.ROOT, space.root()).put(InfoFields.ORIGIN, space.origin()).end();
    }
    if (symbols.isPresent()) {
      json.put(InfoFields.SYMBOLS, symbols.getAsInt());
    }
    if (records.isPresent()) {
      json.put(InfoFields.LOG_RECORDS, records.getAsLong());
    }
  }

  void text(TextOut out) {
    system.text(out);
    if (banner.isPresent()) {
      InfoCommand.key(out, InfoFields.BANNER).line(banner.get());
    }
    origin(out);
    if (!isKnown()) {
      return;
    }
    tables(out);
    InfoCommand.key(out, InfoFields.SYMBOLS);
    if (symbols.isPresent()) {
      out.decimal(symbols.getAsInt());
      out.line(lacksData ? ", functions alone: of data only exported symbols are known" : "");
    } else {
      out.text("none: ").line(noSymbols);
    }
    InfoCommand.key(out, InfoFields.LOG_RECORDS);
    if (records.isPresent()) {
      out.count(records.getAsLong(), "record").line();
    } else {
      out.text("none: ").line(noLog);
    }
  }

  private void tables(TextOut out) {
    InfoCommand.key(out, InfoFields.PAGE_TABLES);
    if (tables.isPresent()) {
      out.count(tables.get().levels(), "level").text(", root ").hex(tables.get().root());
      out.text(" (by ").text(tables.get().origin()).line(")");
    } else {
      out.text("none: ").line(noTables);
    }
  }

  /** Where VMCOREINFO is from, when the dump has no such note. */
  private void origin(TextOut out) {
    if (foundAt.isPresent()) {
      InfoCommand.key(out, InfoFields.FOUND_AT).text(how).hex(foundAt.getAsLong()).line();
    } else if (info.isEmpty()) {
      InfoCommand.key(out, InfoFields.FOUND_AT);
      String where = unsearched.isEmpty() ? "memory" : "what was searched of memory";
      out.text("no note, and none in ").line(where);
    }
  }
}
