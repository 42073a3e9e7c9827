package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileBacked;

/**
 * One entry of the vmcore list: whole pages of the image that come from one place, and all that can
 * be asked of them. Offsets are the image's; those that are given lie in the piece.
 *
 * <p>Pieces don't change, so that any thread may use one that another one made.
 */
abstract sealed class Piece
    permits HeldBytes, DeviceDumpPiece, NotesPiece, WholePages, FractionalPage {
  private final long start;
  private final long end;

  Piece(long start, long end) {
    this.start = start;
    this.end = end;
  }

  /** The image offset of the first byte. */
  final long start() {
    return start;
  }

  /** The image offset behind the last byte. */
  final long end() {
    return end;
  }

  /** In bytes. */
  final long size() {
    return end - start;
  }

  final boolean contains(long offset) {
    return offset >= start && offset < end;
  }

  /**
   * Copies bytes from {@code offset} on to {@code dst}, behind its first {@code at} bytes.
   *
   * @param wanted the bytes to copy, all of them in this piece
   * @return the bytes copied; fewer than wanted only where what follows can't be read
   */
  abstract long read(long offset, MemorySegment dst, long at, long wanted) throws VmcoreException;

  /** The bytes of this piece around {@code offset} that share its state. */
  abstract Extent extentAt(long offset) throws VmcoreException;

  /** Why the byte at {@code offset} is lost. */
  Optional<Finding> lossAt(long offset) throws VmcoreException {
    return Optional.empty();
  }

  /**
   * How many bytes in a row from {@code offset} on, at most {@code most}, are known to hold
   * nothing, as {@link org.vmcore.memory.Memory#blank} has it.
   */
  long blank(long offset, long most) throws VmcoreException {
    return 0;
  }

  /**
   * The file bytes behind at most {@code wanted} bytes at {@code offset}, as {@link
   * FileBacked#backing} gives them; empty for bytes that were made or copied.
   */
  Optional<FileSlice> backing(long offset, long wanted) throws VmcoreException {
    return Optional.empty();
  }

  /** What the piece shows of itself. */
  abstract Chunk chunk();

  /** The part of {@code extent} in {@code size} addresses from {@code from} on, moved. */
  static Extent moved(Extent extent, long from, long size, long by) {
    Extent part = extent.clip(from, size);
    return new Extent(part.start() + by, part.size(), part.state());
  }
}
