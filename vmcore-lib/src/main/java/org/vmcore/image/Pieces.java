package org.vmcore.image;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Ascending;

/**
 * The vmcore list: header area, device dumps, notes, then the pieces of each PT_LOAD. They follow
 * each other without gaps.
 */
final class Pieces {
  private final List<Piece> front;

  /** By piece in front of the PT_LOADs: its image offset. */
  private final long[] frontStart;

  private final long frontEnd;
  private final Loads loads;

  /** The piece that was looked up last: the next one is most likely the same. */
  private Piece recent;

  /** {@code front}, the header area being the first of it, then the pieces of {@code loads}. */
  Pieces(List<Piece> front, Loads loads) {
    this.front = List.copyOf(front);
    this.loads = loads;
    this.frontStart = new long[front.size()];
    for (int i = 0; i < frontStart.length; i++) {
      frontStart[i] = front.get(i).start();
    }
    this.frontEnd = front.getLast().end();
    this.recent = front.getFirst();
  }

  /** The number of pieces. */
  int count() {
    return front.size() + loads.pieces();
  }

  /** Piece {@code index} in the image's order. */
  Piece get(int index) {
    return index < front.size() ? front.get(index) : loads.piece(index - front.size());
  }

  /** The piece that {@code offset}, which lies in the image, lies in. */
  Piece at(long offset) {
    Piece known = recent;
    if (known.contains(offset)) {
      return known;
    }
    Piece found =
        offset < frontEnd
            ? front.get(Ascending.floor(frontStart, frontStart.length, offset))
            : loads.pieceAt(offset);
    recent = found;
    return found;
  }

  /**
   * Copies bytes from {@code offset} on to {@code dst}, up to the first one that can't be read or
   * the end of the image; gives their number.
   */
  long read(long offset, MemorySegment dst) throws VmcoreException {
    Piece known = recent;
    if (known.contains(offset) && dst.byteSize() <= known.end() - offset) {
      return known.read(offset, dst, 0, dst.byteSize());
    }
    return offset < 0 ? 0 : readAcross(offset, dst);
  }

  private long readAcross(long offset, MemorySegment dst) throws VmcoreException {
    long wanted = Math.min(dst.byteSize(), size() - offset);
    long done = 0;
    while (done < wanted) {
      Piece piece = at(offset + done);
      long here = Math.min(wanted - done, piece.end() - (offset + done));
      long got = piece.read(offset + done, dst, done, here);
      done += got;
      if (got < here) {
        break;
      }
    }
    return done;
  }

  /** The size of the image in bytes. */
  long size() {
    return loads.end();
  }
}
