package org.vmcore.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
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
  private final Optional<String> whyCopied;

  private Mapping(
      Arena arena,
      MemorySegment bytes,
      Kind kind,
      List<Extent> missing,
      Optional<String> whyCopied) {
    this.arena = arena;
    this.bytes = bytes;
    this.kind = kind;
    this.missing = missing;
    this.whyCopied = whyCopied;
  }

  /**
   * A mapping of {@code bytes}.
   *
   * @param arena what they live in; closed with the mapping
   * @param missing what in it is not present, by image offset in ascending order
   * @param whyCopied empty if no old memory is copied
   */
  public static Mapping of(
      Arena arena,
      MemorySegment bytes,
      Kind kind,
      List<Extent> missing,
      Optional<String> whyCopied) {
    return new Mapping(arena, bytes, kind, List.copyOf(missing), whyCopied);
  }

  /** The mapped bytes, read-only. */
  public MemorySegment bytes() {
    return bytes;
  }

  /** How the mapping came about. */
  public Kind kind() {
    return kind;
  }

  /**
   * Why old memory was copied, in one line: what of the dump's file, or of this system, keeps its
   * pages from being shared. Empty for a {@link Kind#ZERO_COPY} mapping.
   */
  public Optional<String> whyCopied() {
    return whyCopied;
  }

  /** What in it is not present, by image offset in ascending order; it reads as zeros. */
  public List<Extent> missing() {
    return missing;
  }

  @Override
  public String toString() {
    return "Mapping["
        + Hex.of(bytes.byteSize())
        + " bytes, "
        + kind
        + whyCopied.map(why -> ": " + why).orElse("")
        + "]";
  }

  /** Unmaps. Reads under way in other threads throw {@link IllegalStateException}. */
  @Override
  public synchronized void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
