package org.vmcore.debuginfo.layout;

import org.vmcore.memory.AddressRange;

/**
 * A part of a kernel's image as an ELF section.
 *
 * @param name as vmlinux has it; where another section lies in the middle of it a later part has a
 *     number behind its name
 * @param range kernel virtual addresses; of x86_64's per-CPU variables offsets
 * @param content what the file has of it
 * @param access what may be done with it
 */
public record ImageSection(String name, AddressRange range, Content content, Access access) {
  /** What a file has of a section. */
  public enum Content {
    /** The bytes in memory. */
    BYTES,

    /** Those, and they are ELF notes. */
    NOTES,

    /** Zeros: memory has other things there by now, but debuggers want a section with contents. */
    ZEROS,

    /** Nothing but the addresses: SHT_NOBITS. */
    NOTHING
  }

  /** What may be done with a section. */
  public enum Access {
    READ,
    WRITE,
    EXECUTE
  }

  /** Whether the file has bytes of it. */
  public boolean isInFile() {
    return content != Content.NOTHING;
  }
}
