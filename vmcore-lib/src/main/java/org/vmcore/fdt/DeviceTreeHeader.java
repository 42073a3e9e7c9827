package org.vmcore.fdt;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * struct fdt_header, in on-disk order. Every block lies in the first {@code totalSize} bytes.
 *
 * @param totalSize totalsize in bytes
 * @param structure off_dt_struct
 * @param strings off_dt_strings
 * @param reservations off_mem_rsvmap
 * @param version version
 * @param lastCompatible last_comp_version
 * @param bootCpu boot_cpuid_phys
 * @param stringsSize size_dt_strings in bytes
 * @param structureSize size_dt_struct in bytes; up to totalsize before version 17
 */
record DeviceTreeHeader(
    int totalSize,
    int structure,
    int strings,
    int reservations,
    int version,
    int lastCompatible,
    int bootCpu,
    int stringsSize,
    int structureSize) {
  private static final int OLDEST = 16;
  private static final int SIZE_OF_OLDEST = 36;

  /** Parses the header at the start of {@code file}. */
  static DeviceTreeHeader parse(String file, MemorySegment bytes) throws VmcoreException {
    Cursor in = Cursor.of(file, 0, bytes, ByteOrder.BIG_ENDIAN);
    if (in.s32("magic") != DeviceTreeToken.MAGIC) {
      throw VmcoreException.at(file, 0, "magic: not a flattened device tree");
    }
    int total = total(file, in.u32("totalsize"), bytes.byteSize());
    int structure = block(file, in, "off_dt_struct", total, "");
    if (structure % Integer.BYTES != 0) {
      throw VmcoreException.at(file, 8, "off_dt_struct is " + structure + ", no multiple of 4");
    }
    int strings = block(file, in, "off_dt_strings", total, "");
    int reservations = block(file, in, "off_mem_rsvmap", total, "");
    int version = in.s32("version");
    int compatible = in.s32("last_comp_version");
    if (version < OLDEST || compatible > DeviceTreeToken.VERSION || compatible < 1) {
      String versions = "version is " + version + ", compatible with " + compatible;
      throw VmcoreException.at(file, 20, versions + "; only 16 and 17 can be read");
    }
    int bootCpu = in.s32("boot_cpuid_phys");
    int stringsSize = block(file, in, "size_dt_strings", total - strings, "it ends ");
    int structureSize =
        version >= DeviceTreeToken.VERSION
            ? block(file, in, "size_dt_struct", total - structure, "it ends ")
            : total - structure;
    return new DeviceTreeHeader(
        total,
        structure,
        strings,
        reservations,
        version,
        compatible,
        bootCpu,
        stringsSize,
        structureSize);
  }

  private static int total(String file, long total, long fileSize) throws VmcoreException {
    if (total < SIZE_OF_OLDEST || total > fileSize) {
      throw VmcoreException.at(
          file, 4, "totalsize is " + total + ", the file has " + fileSize + " bytes");
    }
    if (total > DeviceTree.MAX_SIZE) {
      throw VmcoreException.at(file, 4, "totalsize is " + total + ", more than any device tree's");
    }
    return (int) total;
  }

  /** A block's offset or size, which is at most {@code limit}. */
  private static int block(String file, Cursor in, String field, int limit, String what)
      throws VmcoreException {
    long at = in.position();
    long value = in.u32(field);
    if (value > limit) {
      String found = field + " is " + Hex.of(value) + ": ";
      throw VmcoreException.at(file, at, found + what + "outside of totalsize");
    }
    return (int) value;
  }
}
