package org.vmcore.image;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.vmcore.io.VmcoreException;
import org.vmcore.memory.Extent;
import org.vmcore.values.Hex;

/**
 * A part of the image as one contiguous range of memory, as a mapping of {@code /proc/vmcore} is:
 * file pages for OLDMEM and buffer pages for BUFFER chunks, side by side.
 *
 * <p>It stays valid until it is closed, whatever becomes of its dump. What is not present reads as
 * zeros. What goes wrong in operation: the file must not shrink while it is mapped; reading what it
 * lost throws {@link InternalError}.
 */
public final class Mapping implements AutoCloseable {
  /** How a mapping came about. */
  public enum Kind {
    /** Every page of old memory is shared with the dump's file. */
    ZERO_COPY,
    /** Some are shared; those that lie at unaligned places of the file are copies. */
    PARTLY_COPIED,
    /** Everything is a copy. */
    COPIED
  }

  private final Arena arena;
  private final MemorySegment bytes;
  private final Kind kind;
  private final List<Extent> missing;

  private Mapping(Arena arena, MemorySegment bytes, Kind kind, List<Extent> missing) {
    this.arena = arena;
    this.bytes = bytes;
    this.kind = kind;
    this.missing = missing;
  }

  /**
   * Maps a part of {@code image}.
   *
   * @param file named in errors
   * @param offset of its first byte in the image
   * @param size in bytes
   * @param copyLimit the most bytes that are copied
   * @throws VmcoreException when the part reaches outside of the image, more would have to be
   *     copied than {@code copyLimit}, or the system doesn't allow it
   */
  public static Mapping of(Image image, String file, long offset, long size, long copyLimit)
      throws VmcoreException {
    if (offset < 0 || size <= 0 || size > image.size() - offset) {
      throw VmcoreException.of(
          file,
          "no range of the image to map: "
              + Hex.of(offset)
              + "+"
              + Hex.of(size)
              + ", its size is "
              + Hex.of(image.size()));
    }
    return new Mapper(image, file, copyLimit).map(offset, size);
  }

  static Mapping of(Arena arena, MemorySegment bytes, Kind kind, List<Extent> missing) {
    return new Mapping(arena, bytes, kind, List.copyOf(missing));
  }

  /** The mapped bytes, read-only. */
  public MemorySegment bytes() {
    return bytes;
  }

  /** How the mapping came about. */
  public Kind kind() {
    return kind;
  }

  /** What in it is not present, by image offset in ascending order; it reads as zeros. */
  public List<Extent> missing() {
    return missing;
  }

  /** Unmaps. Reads under way in other threads throw {@link IllegalStateException}. */
  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
