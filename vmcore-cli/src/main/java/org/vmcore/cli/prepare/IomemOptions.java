package org.vmcore.cli.prepare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.vmcore.arch.PreparedArchitecture;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.RangeConverter;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.prepare.CrashMemory;
import org.vmcore.prepare.CrashPreparation.Backup;
import org.vmcore.prepare.Iomem;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** Which memory is described. */
final class IomemOptions {
  private final Opt<Path> file =
      Opt.of(
              Path.class,
              new PathConverter(),
              "FILE",
              "The first kernel's /proc/iomem, read as root: its System RAM is described, but for"
                  + " the Crash kernel's.",
              "--iomem")
          .required();
  private final Opt<List<AddressRange>> crashKernel =
      ranges("Another region of the crash kernel's. Repeatable.", "--crashkernel");
  private final Opt<List<AddressRange>> exclude =
      ranges("Memory that isn't described. Repeatable.", "--exclude");
  private final Opt<Boolean> keepFirstMib =
      Opt.flag(
          "Describe the first MiB, too, as older kernels and kexec-tools do (x86_64).",
          "--keep-first-mib");
  private final Opt<Backup> backup =
      Opt.of(
          Backup.class,
          IomemOptions::backup,
          "RANGE@ADDR",
          "Memory whose bytes are kept elsewhere, as kexec-tools has it on x86_64, and kexec on"
              + " ppc64: 0x1000-0x9fbff@0xbf61000.",
          "--backup");

  private static Opt<List<AddressRange>> ranges(String description, String name) {
    return Opt.list(AddressRange.class, new RangeConverter(), "RANGE", description, name);
  }

  private static Backup backup(String value) {
    int at = value.indexOf('@');
    if (at < 0) {
      throw new TypeConversionException("'" + value + "' is not RANGE@ADDR");
    }
    AddressRange source = RangeConverter.parse(value.substring(0, at));
    return new Backup(source, Numbers.parse(value.substring(at + 1)));
  }

  void addTo(CommandSpec spec) {
    file.addTo(spec);
    crashKernel.addTo(spec);
    exclude.addTo(spec);
    keepFirstMib.addTo(spec);
    backup.addTo(spec);
  }

  String name() {
    return file.value().orElseThrow().toString();
  }

  Iomem read() throws VmcoreException {
    return Iomem.read(file.value().orElseThrow());
  }

  /** The crash kernel's regions, in ascending order. */
  List<AddressRange> crashKernel(Iomem iomem) throws VmcoreException {
    List<AddressRange> all = new ArrayList<>(iomem.crashKernel());
    for (AddressRange region : crashKernel.or(List.of())) {
      requireRam(iomem, region, crashKernel.name());
      if (all.stream().anyMatch(region::overlaps)) {
        throw VmcoreException.of(
            name(), crashKernel.name() + " " + region + ": overlaps another Crash kernel");
      }
      all.add(region);
    }
    all.sort((a, b) -> Long.compareUnsigned(a.start(), b.start()));
    return all;
  }

  /** Refuses what doesn't lie in System RAM. */
  void requireRam(Iomem iomem, AddressRange range, String what) throws VmcoreException {
    if (iomem.systemRam().stream().noneMatch(ram -> ram.contains(range))) {
      throw VmcoreException.of(name(), what + " " + range + ": outside of System RAM");
    }
  }

  /** System RAM without what is excluded on every architecture. */
  CrashMemory memory(Iomem iomem, List<AddressRange> regions) throws VmcoreException {
    CrashMemory memory = new CrashMemory(iomem.systemRam());
    for (AddressRange region : regions) {
      memory = memory.exclude(region);
    }
    for (AddressRange each : exclude.or(List.of())) {
      CrashMemory left = memory.exclude(each);
      if (left.equals(memory)) {
        throw VmcoreException.of(
            name(), exclude.name() + " " + each + ": no System RAM is there any more");
      }
      memory = left;
    }
    return memory;
  }

  /**
   * {@code memory} as {@code architecture}'s kernel describes it, that of {@code firmware}, too.
   */
  CrashMemory memory(
      CrashMemory memory, PreparedArchitecture architecture, List<AddressRange> firmware) {
    boolean isExcluded = architecture.isFirstMibExcluded();
    keepFirstMib.requireEffect(isExcluded, "on " + architecture.label());
    CrashMemory all =
        isExcluded && !keepFirstMib.isGiven() ? memory.exclude(CrashMemory.FIRST_MIB) : memory;
    for (AddressRange each : firmware) {
      all = all.include(each);
    }
    Optional<AddressRange> backedUp = architecture.backedUp();
    return backedUp.isPresent() ? all.split(backedUp.get()) : all;
  }

  /** The backup region, which has to hold something of {@code memory}. */
  Optional<Backup> backup(CrashMemory memory) {
    Optional<Backup> region = backup.value();
    boolean used =
        region.isPresent()
            && memory.ranges().stream().anyMatch(range -> region.get().source().contains(range));
    backup.requireEffect(used, "where no range that is described lies in it");
    return region;
  }
}
