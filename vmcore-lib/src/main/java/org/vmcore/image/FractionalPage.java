package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalLong;
import org.vmcore.memory.Chunk;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Finding;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;

/**
 * A page of which a PT_LOAD claims a part: those bytes are copied from old memory, once, and zeros
 * stand around them, which are always there.
 */
final class FractionalPage extends Piece {
  private final FractionalPages pages;
  private final int slot;

  /** The image offsets where the claimed bytes begin and end. */
  private final long claimed;

  private final long claimedEnd;

  /** What to add to an image offset to get its address in old memory. */
  private final long shift;

  private final int segment;

  /**
   * The page at {@code address} of old memory.
   *
   * @param slot its number among {@code pages}
   * @param claimed the image offset of the first claimed byte, in this page
   * @param claimedEnd the image offset behind the last claimed byte
   * @param segment the index of the exported program header
   */
  FractionalPage(
      long start,
      long end,
      FractionalPages pages,
      int slot,
      long address,
      long claimed,
      long claimedEnd,
      int segment) {
    super(start, end);
    this.pages = pages;
    this.slot = slot;
    this.shift = address - start;
    this.claimed = claimed;
    this.claimedEnd = claimedEnd;
    this.segment = segment;
  }

  /** Copies the claimed bytes, if that wasn't done before. */
  CopiedBytes copied() throws VmcoreException {
    return pages.copied(slot, claimed + shift, claimedEnd - claimed);
  }

  @Override
  long read(long offset, MemorySegment dst, long at, long wanted) throws VmcoreException {
    long done = Zeros.fill(dst, at, Math.clamp(claimed - offset, 0, wanted));
    long own = Math.clamp(claimedEnd - (offset + done), 0, wanted - done);
    if (own > 0) {
      long got = copied().read(offset + done + shift, dst, at + done, own);
      done += got;
      if (got < own) {
        return done;
      }
    }
    return done + Zeros.fill(dst, at + done, wanted - done);
  }

  @Override
  Extent extentAt(long offset) throws VmcoreException {
    if (offset < claimed) {
      return new Extent(start(), claimed - start(), PageState.PRESENT);
    }
    return offset < claimedEnd
        ? moved(pages.extentAt(slot, offset + shift), claimed + shift, claimedEnd - claimed, -shift)
        : new Extent(claimedEnd, end() - claimedEnd, PageState.PRESENT);
  }

  @Override
  Optional<Finding> lossAt(long offset) throws VmcoreException {
    return offset >= claimed && offset < claimedEnd
        ? pages.lossAt(offset + shift)
        : Optional.empty();
  }

  @Override
  Chunk chunk() {
    OptionalLong source = OptionalLong.of(start() + shift);
    return new Chunk.Buffer(start(), size(), source, Chunk.Content.LOAD, segment);
  }
}
