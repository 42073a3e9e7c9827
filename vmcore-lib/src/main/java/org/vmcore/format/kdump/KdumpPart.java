package org.vmcore.format.kdump;

import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/**
 * One file of a dump: the whole of it, or one of a split set, which has all bitmaps but descriptors
 * of its own page frames alone.
 *
 * @param file the file
 * @param header its main header
 * @param sub its sub header
 */
record KdumpPart(ByteSource file, KdumpHeader header, KdumpSubHeader sub) {
  /**
   * Opens {@code file}. The main header of a 64-bit machine looks like that of a 32-bit one whose
   * times have 64 bits: the sub header tells which it is.
   *
   * @throws VmcoreException when its header makes no sense, or the file fails
   */
  static KdumpPart open(ByteSource file) throws VmcoreException {
    List<KdumpHeader> readings = KdumpHeader.parse(file);
    KdumpPart best = of(file, readings.getFirst());
    for (KdumpHeader other : readings.subList(1, readings.size())) {
      KdumpPart part = of(file, other);
      best = part.plausibility() > best.plausibility() ? part : best;
    }
    return best;
  }

  private static KdumpPart of(ByteSource file, KdumpHeader header) throws VmcoreException {
    return new KdumpPart(file, header, KdumpSubHeader.parse(file, header));
  }

  private int plausibility() throws VmcoreException {
    return sub.plausibility(file, header);
  }

  boolean isSplit() {
    return sub.split();
  }

  /** The first page frame of the part. */
  long startPfn() {
    return isSplit() ? sub.startPfn() : 0;
  }

  /** Behind the last page frame of the part, at most {@code end}. */
  long endPfn(long end) {
    return isSplit() && Long.compareUnsigned(sub.endPfn(), end) < 0 ? sub.endPfn() : end;
  }

  /** Behind the last page frame of the dump, unsigned: max_mapnr. */
  long maxMapnr() {
    return sub.maxMapnr() != 0 ? sub.maxMapnr() : header.maxMapnr();
  }

  /** Whether {@code other} has the same headers, but for the part it tells of. */
  boolean isOfSameDump(KdumpPart other) {
    KdumpHeader theirs = other.header;
    return header.layout() == theirs.layout()
        && header.version() == theirs.version()
        && header.utsname().equals(theirs.utsname())
        && header.seconds() == theirs.seconds()
        && header.microseconds() == theirs.microseconds()
        && header.blockSize() == theirs.blockSize()
        && header.bitmapBlocks() == theirs.bitmapBlocks()
        && sub.physBase() == other.sub.physBase()
        && sub.dumpLevel() == other.sub.dumpLevel()
        && maxMapnr() == other.maxMapnr();
  }
}
