package org.vmcore.memory;

import java.util.OptionalLong;
import org.vmcore.values.Described;

/** A run of bytes of the image that come from one place. */
public sealed interface Chunk {
  /** What a chunk holds. */
  enum Content {
    /** The ELF header and the program headers. */
    HEADER,
    /** A device driver's own dump. */
    DEVICE_DUMP,
    /** The merged notes. */
    NOTES,
    /** Pages of a PT_LOAD. */
    LOAD
  }

  /** The offset of the first byte in the image. */
  long offset();

  /** In bytes, a multiple of the page size. */
  long size();

  /** The address in old memory of the byte at {@link #offset}; empty for header and notes. */
  OptionalLong source();

  /** What the chunk holds. */
  Content content();

  /** The exported program header that the chunk belongs to, by its index; −1 for the header. */
  int segment();

  /** Whole pages that stay in old memory. */
  record OldMem(long offset, long size, OptionalLong source, int segment) implements Chunk {
    @Override
    public Content content() {
      return Content.LOAD;
    }

    /** Addresses, offsets and sizes are hexadecimal. */
    @Override
    public String toString() {
      return Described.as("Chunk.OldMem")
          .hex("offset", offset)
          .hex("size", size)
          .hex("source", source)
          .add("segment", segment)
          .toString();
    }
  }

  /** Bytes that were made or copied: the header, the notes, a fractional page. */
  record Buffer(long offset, long size, OptionalLong source, Content content, int segment)
      implements Chunk {
    /** Addresses, offsets and sizes are hexadecimal. */
    @Override
    public String toString() {
      return Described.as("Chunk.Buffer")
          .hex("offset", offset)
          .hex("size", size)
          .hex("source", source)
          .add("content", content)
          .add("segment", segment)
          .toString();
    }
  }
}
