package org.vmcore.memory;

import java.util.List;
import java.util.Optional;
import org.vmcore.values.Described;

/**
 * What a kdump-compressed dump's own headers tell of the kernel, and of how the dump was made.
 *
 * @param version header_version, 1 to 6; higher ones are read as 6
 * @param compressions how pages are compressed, as far as some of them show it: {@code zlib},
 *     {@code lzo}, {@code snappy}, {@code zstd}; empty where they aren't
 * @param utsname what {@code uname} says: sysname, nodename, release, version, machine and
 *     domainname; each may be empty
 * @param seconds the time that it bears, since 1970
 * @param microseconds of that time
 * @param dumpLevel what was left out when it was made: makedumpfile's sum of kinds of pages
 * @param physBase where the kernel's image was moved to, of x86 alone; some writers have it wrong
 * @param lacksMemoryMap whether unused pages of the memory map were left out, too
 * @param part which page frames its first file holds, where that is one of a split set
 */
public record DumpOrigin(
    int version,
    List<String> compressions,
    List<String> utsname,
    long seconds,
    long microseconds,
    int dumpLevel,
    long physBase,
    boolean lacksMemoryMap,
    Optional<Part> part) {
  /** Unmodifiable copies of the lists are kept. */
  public DumpOrigin {
    compressions = List.copyOf(compressions);
    utsname = List.copyOf(utsname);
  }

  /**
   * Page frames that a file of a split set holds.
   *
   * @param startPfn the first one's number
   * @param endPfn that of the one behind the last
   */
  public record Part(long startPfn, long endPfn) {
    /** Addresses, offsets and sizes are hexadecimal. */
    @Override
    public String toString() {
      return Described.as("DumpOrigin.Part")
          .hex("startPfn", startPfn)
          .hex("endPfn", endPfn)
          .toString();
    }
  }

  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("DumpOrigin")
        .add("version", version)
        .add("compressions", compressions)
        .add("utsname", utsname)
        .add("seconds", seconds)
        .add("microseconds", microseconds)
        .add("dumpLevel", dumpLevel)
        .hex("physBase", physBase)
        .add("lacksMemoryMap", lacksMemoryMap)
        .add("part", part)
        .toString();
  }
}
