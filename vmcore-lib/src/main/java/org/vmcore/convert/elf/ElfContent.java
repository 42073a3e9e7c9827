package org.vmcore.convert.elf;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.vmcore.Vmcore;
import org.vmcore.convert.pack.Content;
import org.vmcore.memory.Extent;
import org.vmcore.memory.PageState;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/**
 * The bytes of an ELF dump, at any position.
 *
 * <p>What turns out to be lost when it is read becomes zeros; then the layout, which says that it
 * is there, is wrong, and {@link #hasNewLosses} tells so.
 */
final class ElfContent implements Content {
  private final Vmcore vmcore;
  private final ElfLayout layout;
  private final Pieces pieces;
  private final MemorySegment headers;

  /** The pieces that have bytes in the file, in order. */
  private final int[] stored;

  private volatile boolean hasNewLosses;

  /**
   * @param arena the headers live in it
   */
  ElfContent(Vmcore vmcore, ElfLayout layout, Arena arena) {
    this.vmcore = vmcore;
    this.layout = layout;
    this.pieces = layout.pieces();
    this.headers = layout.headers(arena);
    this.stored = stored(layout);
  }

  @Override
  public long size() {
    return layout.size();
  }

  /** Whether something was lost that the layout says is there. */
  boolean hasNewLosses() {
    return hasNewLosses;
  }

  @Override
  public void read(long offset, MemorySegment dst) throws VmcoreException {
    long done = 0;
    while (done < dst.byteSize()) {
      done += readSome(offset + done, dst.asSlice(done));
    }
  }

  /**
   * Fills the start of {@code dst} with bytes from {@code offset} on; gives how many, at least 1.
   */
  long readSome(long offset, MemorySegment dst) throws VmcoreException {
    if (offset < layout.notesOffset()) {
      long n = Math.min(dst.byteSize(), layout.notesOffset() - offset);
      Bytes.copy(headers, offset, dst, 0, n);
      return n;
    }
    long notesEnd = layout.notesOffset() + layout.notesSize();
    if (offset < notesEnd) {
      return image(
          layout.notesStart() + (offset - layout.notesOffset()), notesEnd - offset, dst, false);
    }
    int place = placeOf(offset);
    if (place >= 0) {
      int index = stored[place];
      long in = offset - pieces.offset(index);
      if (in < pieces.filesz(index)) {
        return image(pieces.start(index) + in, pieces.filesz(index) - in, dst, true);
      }
    }
    return zeros(dst, Math.min(dst.byteSize(), nextOffset(place) - offset));
  }

  /** How many bytes in a row from {@code offset} on are known to be zeros, without reading them. */
  long zerosAt(long offset) throws VmcoreException {
    int place = placeOf(offset);
    if (offset < layout.notesOffset() + layout.notesSize() || place < 0) {
      return 0;
    }
    int index = stored[place];
    long in = offset - pieces.offset(index);
    long left = pieces.filesz(index) - in;
    return left > 0 ? vmcore.blank(pieces.start(index) + in, left) : 0;
  }

  private long image(long at, long most, MemorySegment dst, boolean tells) throws VmcoreException {
    long wanted = Math.min(most, dst.byteSize());
    long got = vmcore.read(at, dst.asSlice(0, wanted));
    if (got > 0) {
      return got;
    }
    Extent gap = Extent.unread(vmcore, at);
    hasNewLosses |= tells && gap.state() != PageState.NOT_RAM;
    return zeros(dst, Math.min(wanted, gap.sizeFrom(at)));
  }

  private static long zeros(MemorySegment dst, long size) {
    dst.asSlice(0, size).fill((byte) 0);
    return size;
  }

  /** Where the next bytes begin, behind the {@code place}-th of the stored pieces. */
  private long nextOffset(int place) {
    return place + 1 < stored.length ? pieces.offset(stored[place + 1]) : layout.size();
  }

  /** The last of the stored pieces that begins at or before {@code offset}; −1 when none does. */
  private int placeOf(long offset) {
    int low = -1;
    int high = stored.length;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (pieces.offset(stored[middle]) <= offset) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The pieces that have bytes in the file. */
  private static int[] stored(ElfLayout layout) {
    Pieces pieces = layout.pieces();
    int[] stored = new int[pieces.count()];
    int count = 0;
    for (int i = 0; i < pieces.count(); i++) {
      if (pieces.filesz(i) > 0 && pieces.offset(i) < layout.size()) {
        stored[count++] = i;
      }
    }
    return Arrays.copyOf(stored, count);
  }
}
