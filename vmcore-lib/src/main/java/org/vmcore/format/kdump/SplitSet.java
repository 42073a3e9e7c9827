package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/** The files of one dump: they must belong together, and no two hold the same page frames. */
final class SplitSet {
  private static final int PIECE = 1 << 20;

  private SplitSet() {}

  /**
   * The parts in {@code others} and {@code first}, by their page frames.
   *
   * @param end behind the last page frame
   * @throws VmcoreException when one is no part, or of another dump, or there twice
   */
  static List<KdumpPart> of(KdumpPart first, List<ByteSource> others, long end)
      throws VmcoreException {
    List<KdumpPart> parts = new ArrayList<>();
    parts.add(first);
    for (ByteSource other : others) {
      parts.add(part(first, other, end));
    }
    parts.sort((one, other) -> Long.compare(one.startPfn(), other.startPfn()));
    for (int i = 1; i < parts.size(); i++) {
      KdumpPart before = parts.get(i - 1);
      KdumpPart part = parts.get(i);
      if (part.startPfn() < before.endPfn(end)) {
        throw VmcoreException.of(
            part.file().name(),
            "holds page frames that " + before.file().name() + " holds, too: given twice?");
      }
    }
    return parts;
  }

  private static KdumpPart part(KdumpPart first, ByteSource file, long end) throws VmcoreException {
    String name = first.file().name();
    if (!first.isSplit()) {
      throw VmcoreException.of(file.name(), "no part of " + name + ": that is not split");
    }
    if (!isKdump(file)) {
      throw VmcoreException.at(file.name(), 0, "no part of " + name + ": not a kdump file");
    }
    KdumpPart part = KdumpPart.open(file);
    if (!part.isSplit()) {
      throw VmcoreException.of(file.name(), "no part of " + name + ": it is a whole dump");
    }
    if (!part.isOfSameDump(first) || !isSameBitmap(first, part, end)) {
      throw VmcoreException.of(file.name(), "no part of " + name + ": it is of another dump");
    }
    return part;
  }

  private static boolean isKdump(ByteSource file) throws VmcoreException {
    MemorySegment start = MemorySegment.ofArray(new byte[KdumpFiles.SIGNATURE_SIZE]);
    return file.read(0, start) == start.byteSize() && KdumpFiles.isKdump(start);
  }

  /** Compares the bitmaps as far as both files have them. */
  private static boolean isSameBitmap(KdumpPart a, KdumpPart b, long end) throws VmcoreException {
    long offset = a.header().bitmapOffset();
    long size = end > a.header().bitmapBits() / 2 ? (end + 7) >>> 3 : a.header().bitmapBits() >>> 3;
    byte[] one = new byte[PIECE];
    byte[] two = new byte[PIECE];
    try (Scratch scratch = new Scratch(PIECE)) {
      for (long at = 0; at < size; at += PIECE) {
        int wanted = (int) Math.min(PIECE, size - at);
        int n = scratch.read(a.file(), offset + at, wanted);
        scratch.copy(one, n);
        n = Math.min(n, scratch.read(b.file(), b.header().bitmapOffset() + at, wanted));
        scratch.copy(two, n);
        if (!Arrays.equals(one, 0, n, two, 0, n)) {
          return false;
        }
        if (n < wanted) {
          break;
        }
      }
    }
    return true;
  }
}
