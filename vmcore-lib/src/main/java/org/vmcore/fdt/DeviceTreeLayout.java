package org.vmcore.fdt;

import java.util.Map;

/**
 * Where the blocks of a device tree are in its file, so that what was read can come back unchanged.
 *
 * @param reservations off_mem_rsvmap
 * @param structure off_dt_struct
 * @param strings off_dt_strings
 * @param total totalsize
 * @param lastCompatible last_comp_version
 * @param stringsBlock the strings block, each byte one character, names no longer in use included
 * @param nameOffsets where in it the properties' names are
 */
public record DeviceTreeLayout(
    int reservations,
    int structure,
    int strings,
    int total,
    int lastCompatible,
    String stringsBlock,
    Map<String, Integer> nameOffsets) {
  /** The size of struct fdt_header in bytes. */
  static final int HEADER_SIZE = 40;

  /** The layout of a tree that wasn't read: one block follows the other. */
  public static final DeviceTreeLayout PACKED =
      new DeviceTreeLayout(HEADER_SIZE, 0, 0, 0, 16, "", Map.of());

  /** Copies the map. */
  public DeviceTreeLayout {
    nameOffsets = Map.copyOf(nameOffsets);
  }

  /** This layout for blocks of these sizes: itself where they fit, else one without padding. */
  DeviceTreeLayout fitting(int reservationsSize, int structureSize, int stringsSize) {
    boolean fits =
        isInside(reservations, reservationsSize)
            && isInside(structure, structureSize)
            && isInside(strings, stringsSize)
            && areApart(reservations, reservationsSize, structure, structureSize)
            && areApart(reservations, reservationsSize, strings, stringsSize)
            && areApart(structure, structureSize, strings, stringsSize);
    if (fits) {
      return this;
    }
    int afterMap = Math.addExact(HEADER_SIZE, reservationsSize);
    int afterStructure = Math.addExact(afterMap, structureSize);
    int end = Math.addExact(afterStructure, stringsSize);
    return new DeviceTreeLayout(
        HEADER_SIZE, afterMap, afterStructure, end, lastCompatible, stringsBlock, nameOffsets);
  }

  private boolean isInside(int offset, int size) {
    return offset >= HEADER_SIZE && offset <= total - size;
  }

  private static boolean areApart(int a, int aSize, int b, int bSize) {
    return a + aSize <= b || b + bSize <= a;
  }
}
