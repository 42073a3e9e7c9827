package org.vmcore.cli.prepare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.arch.PreparedArchitecture;
import org.vmcore.cli.option.Numbers;
import org.vmcore.cli.option.Opt;
import org.vmcore.cli.option.PathConverter;
import org.vmcore.cli.option.UsageException;
import org.vmcore.fdt.ChosenNode;
import org.vmcore.fdt.DeviceTree;
import org.vmcore.fdt.RootCells;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;
import org.vmcore.prepare.BootParameters;
import picocli.CommandLine.Model.CommandSpec;

/** What the crash kernel is told, and how. */
final class BootOptions {
  /** What device trees of arm64 and riscv64 have. */
  private static final RootCells USUAL_CELLS = new RootCells("boot parameters", 2, 2);

  private final Opt<Long> headersAt =
      Opt.of(
          Long.class,
          new Numbers.Address(),
          "ADDR",
          "Where the crash headers are going to be; by default where kexec puts them in the Crash"
              + " kernel's memory.",
          "--elfcorehdr-at");
  private final Opt<Path> dtb =
      file(
          new PathConverter(),
          "IN",
          "The first kernel's device tree, /sys/firmware/fdt: what --dtb-out is made of (arm64,"
              + " riscv64), or what tells the firmware's memory (ppc64).",
          "--dtb");
  private final Opt<Path> dtbOut =
      file(
          PathConverter.ofOutput(),
          "OUT",
          "The crash kernel's device tree, made out of it.",
          "--dtb-out");

  private static Opt<Path> file(PathConverter path, String label, String description, String name) {
    return Opt.of(Path.class, path, label, description, name);
  }

  void addTo(CommandSpec spec) {
    headersAt.addTo(spec);
    dtb.addTo(spec);
    dtbOut.addTo(spec);
  }

  /** Refuses --dtb-out without --dtb. */
  void checkOptions() {
    dtbOut.requireEffect(dtb.isGiven(), "without --dtb");
  }

  /** The memory of the firmware that is described, as the device tree tells it. */
  List<AddressRange> firmware(PreparedArchitecture architecture) throws VmcoreException {
    dtbOut.requireEffect(architecture.isDeviceTreeUsed(), "on " + architecture.label());
    boolean isDescribed = architecture.isFirmwareDescribed();
    dtb.requireEffect(isDescribed || architecture.isDeviceTreeUsed(), "on " + architecture.label());
    dtb.requireEffect(isDescribed || dtbOut.isGiven(), "without --dtb-out");
    if (!isDescribed || !dtb.isGiven()) {
      return List.of();
    }
    Path file = dtb.value().orElseThrow();
    return architecture.firmware(file.toString(), DeviceTree.read(file));
  }

  /** Refuses to write the device tree to {@code headers}, too. */
  void requireOther(Path headers) {
    if (dtbOut.isGiven() && isSame(dtbOut(), headers)) {
      throw new UsageException("-o and --dtb-out are the same file");
    }
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
  }

  /**
   * The parameters; none when it isn't known where the headers are going to be.
   *
   * @param size of the headers in bytes
   * @param regions the crash kernel's memory, in ascending order
   */
  Optional<BootParameters> parameters(
      PreparedArchitecture architecture, long size, List<AddressRange> regions) {
    return headersAt
        .value()
        .or(() -> usualPlace(architecture, size, regions))
        .map(at -> new BootParameters(architecture, headers(at, size), regions));
  }

  private static AddressRange headers(long address, long size) {
    if (Long.compareUnsigned(address + size - 1, address) < 0) {
      throw new UsageException("the crash headers reach past 2^64");
    }
    return AddressRange.ofSize(address, size);
  }

  /** In the upper region. */
  private static Optional<Long> usualPlace(
      PreparedArchitecture architecture, long size, List<AddressRange> regions) {
    if (regions.isEmpty() || Long.compareUnsigned(regions.getLast().size(), size) < 0) {
      return Optional.empty();
    }
    AddressRange region = regions.getLast();
    OptionalLong place = architecture.elfcorehdrIn(region, size);
    return place.isPresent() ? Optional.of(place.getAsLong()) : Optional.empty();
  }

  /** The crash kernel's device tree; empty when none is asked for. */
  Optional<DeviceTree> deviceTree(Optional<BootParameters> parameters) throws VmcoreException {
    if (!dtbOut.isGiven()) {
      return Optional.empty();
    }
    BootParameters boot =
        parameters.orElseThrow(
            () -> new UsageException("--dtb-out needs --elfcorehdr-at: there is no Crash kernel"));
    Path file = dtb.value().orElseThrow();
    DeviceTree tree = DeviceTree.read(file);
    return Optional.of(
        ChosenNode.set(file.toString(), tree, boot.elfcorehdr(), boot.usableMemory()));
  }

  Path dtbOut() {
    return dtbOut.value().orElseThrow();
  }

  /** The parameters as the command line, or the device tree, has them. */
  List<String> lines(Optional<BootParameters> parameters, Optional<DeviceTree> tree)
      throws VmcoreException {
    if (parameters.isEmpty()) {
      return List.of();
    }
    BootParameters boot = parameters.get();
    if (!boot.architecture().isDeviceTreeUsed()) {
      return List.of(boot.commandLine());
    }
    RootCells cells =
        tree.isPresent() ? RootCells.of(dtbOut().toString(), tree.get().root()) : USUAL_CELLS;
    return boot.chosen(cells);
  }
}
