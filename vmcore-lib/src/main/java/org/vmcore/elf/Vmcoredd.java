package org.vmcore.elf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.vmcore.io.Cursor;
import org.vmcore.memory.VmcoreException;

/**
 * {@code struct vmcoredd_header} behind its note header: a device driver's own dump
 * (include/uapi/linux/vmcore.h).
 *
 * @param name dump_name, at most 44 bytes
 * @param dataOffset of the dump's data, an offset in the image in bytes
 * @param dataSize of the data in bytes, the driver's padding to a page included
 */
public record Vmcoredd(String name, long dataOffset, long dataSize) {
  /** The size of dump_name in bytes. */
  public static final int NAME_SIZE = 44;

  /**
   * Parses the start of a descriptor.
   *
   * @param file named in errors
   * @param desc its first {@link #NAME_SIZE} bytes, fewer when it is shorter
   */
  public static Vmcoredd parse(String file, Note note, MemorySegment desc) throws VmcoreException {
    Cursor in = Cursor.of(file, note.descOffset(), desc, ByteOrder.LITTLE_ENDIAN);
    String name = in.text(NAME_SIZE, "dump_name");
    return new Vmcoredd(name, note.descOffset() + NAME_SIZE, note.descsz() - NAME_SIZE);
  }
}
