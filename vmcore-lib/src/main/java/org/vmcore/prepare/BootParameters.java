package org.vmcore.prepare;

import java.util.List;
import java.util.OptionalLong;
import org.vmcore.arch.PreparedArchitecture;
import org.vmcore.fdt.ChosenNode;
import org.vmcore.fdt.RootCells;
import org.vmcore.memory.AddressRange;
import org.vmcore.memory.VmcoreException;

/**
 * What the crash kernel is told of its elfcorehdr and its memory: by the architecture in a boot
 * parameter or in the device tree.
 *
 * @param architecture the kernel's
 * @param elfcorehdr where the headers are
 * @param crashKernel the memory reserved for the crash kernel, in ascending order
 */
public record BootParameters(
    PreparedArchitecture architecture, AddressRange elfcorehdr, List<AddressRange> crashKernel) {
  /** Copies the list. */
  public BootParameters {
    crashKernel = List.copyOf(crashKernel);
  }

  /** {@code elfcorehdr=0x1000000}, as the kernel adds it; empty where the device tree has it. */
  public String commandLine() {
    return architecture.isDeviceTreeUsed()
        ? ""
        : new ElfcorehdrAddress(elfcorehdr.start(), OptionalLong.empty()).parameter();
  }

  /** {@code elfcorehdr=0x1000@0x1000000}, which every architecture's kernel understands. */
  public String parameterWithSize() {
    return new ElfcorehdrAddress(elfcorehdr.start(), OptionalLong.of(elfcorehdr.size()))
        .parameter();
  }

  /** The memory that the crash kernel may use: its own region, the upper one, first. */
  public List<AddressRange> usableMemory() {
    return crashKernel.reversed();
  }

  /**
   * The properties of /chosen in device tree source, for a root of these cells; none where a boot
   * parameter has it.
   *
   * @throws VmcoreException when a range doesn't fit the cells
   */
  public List<String> chosen(RootCells cells) throws VmcoreException {
    if (!architecture.isDeviceTreeUsed()) {
      return List.of();
    }
    String headers = cells.source(List.of(elfcorehdr));
    String usable = cells.source(usableMemory());
    return usable.isEmpty()
        ? List.of(ChosenNode.ELFCOREHDR + " = " + headers + ";")
        : List.of(
            ChosenNode.ELFCOREHDR + " = " + headers + ";",
            ChosenNode.USABLE_MEMORY_RANGE + " = " + usable + ";");
  }
}
