package org.vmcore.elf;

import java.util.List;
import org.vmcore.values.Described;

/**
 * One PT_NOTE of the crash headers before merging.
 *
 * @param index of its program header in the crash headers
 * @param address of its first byte in old memory
 * @param memsz p_memsz as it was, in bytes
 * @param offset of its part of the merged notes, an offset in the image in bytes
 * @param size the bytes its whole notes take up: the size of that part
 * @param notes what it holds
 */
public record NoteSegment(
    int index, long address, long memsz, long offset, long size, List<Note> notes) {
  /** Addresses, offsets and sizes are hexadecimal. */
  @Override
  public String toString() {
    return Described.as("NoteSegment")
        .add("index", index)
        .hex("address", address)
        .hex("memsz", memsz)
        .hex("offset", offset)
        .hex("size", size)
        .add("notes", notes)
        .toString();
  }
}
