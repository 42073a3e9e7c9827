package org.vmcore.dump;

import java.util.List;
import java.util.OptionalLong;
import org.vmcore.io.ByteSource;
import org.vmcore.io.JoinedSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Search;

/**
 * What is opened as a dump.
 *
 * @param file the dump, or any part of a split one, out of its envelopes
 * @param parts the other parts of a split dump, in any order
 * @param pageSize the page size to use instead of the one the dump tells, in bytes
 * @param vmcoreInfo the physical address of the VMCOREINFO note to use, where several are in memory
 * @param search how far memory is searched
 * @param findings where what is seen is told
 */
public record Input(
    ByteSource file,
    List<ByteSource> parts,
    OptionalLong pageSize,
    OptionalLong vmcoreInfo,
    Search search,
    List<Finding> findings) {
  /**
   * Refuses parts, which only split dumps have.
   *
   * @param what is opened: {@code an ELF dump}
   */
  public void requireWhole(String what) throws VmcoreException {
    if (!parts.isEmpty()) {
      throw VmcoreException.of(
          parts.getFirst().name(), "no part of " + file.name() + ": " + what + " has no parts");
    }
  }

  /**
   * The same, of all files as one, each with positions of its own.
   *
   * @throws VmcoreException when there are too many
   */
  public Input joined() throws VmcoreException {
    return new Input(
        JoinedSource.of(file, parts), List.of(), pageSize, vmcoreInfo, search, findings);
  }
}
