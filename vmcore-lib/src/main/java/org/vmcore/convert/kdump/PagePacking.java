package org.vmcore.convert.kdump;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import org.vmcore.codec.Compression;
import org.vmcore.codec.Compressor;
import org.vmcore.convert.pack.OrderedWork;
import org.vmcore.convert.pages.KeptPages;
import org.vmcore.convert.pages.SourcePages;
import org.vmcore.format.kdump.PageDescriptors;
import org.vmcore.memory.VmcoreException;
import org.vmcore.output.PlacedRun;

/** The pages of one file: read and packed by several threads, written in order. */
final class PagePacking implements OrderedWork.Steps<PagePiece>, AutoCloseable {
  /** Bytes of all pieces under way, input and outcome together. */
  private static final int ROOM = 64 << 20;

  private static final int LEAST_PIECE = 1 << 16;
  private static final int MOST_PIECE = 1 << 19;

  /** Pieces that {@link OrderedWork} has for each thread, twice: input and outcome. */
  private static final int ROOMS = 12;

  private final KdumpPlan plan;
  private final KdumpPart part;
  private final SourcePages pages;
  private final KeptPages kept;
  private final Compression compression;
  private final OptionalInt compressionLevel;
  private final int most;
  private final PlacedRun descriptors;
  private final PlacedRun data;
  private final long zeroPage;
  private final LongConsumer progress;

  /** As many as there are threads: each has memory of its own that isn't on the heap. */
  private final Deque<Compressor> idle = new ArrayDeque<>();

  /** How many page frames lie before those that are packed now, and before the end of these. */
  private long firstRank;

  private long endRank;

  /** Behind the last page frame that was delivered. */
  private long done;

  private long zeros;
  private long lost;

  /**
   * @param jobs how many threads will work at it
   * @param descriptors takes the descriptors
   * @param data takes the pages
   * @param zeroPage the file offset of a page of zeros
   * @param progress is told how many page frames with RAM more were dealt with
   */
  PagePacking(
      KdumpPlan plan,
      KdumpPart part,
      SourcePages pages,
      KeptPages kept,
      Compression compression,
      OptionalInt compressionLevel,
      int jobs,
      PlacedRun descriptors,
      PlacedRun data,
      long zeroPage,
      LongConsumer progress) {
    this.plan = plan;
    this.part = part;
    this.pages = pages;
    this.kept = kept;
    this.compression = compression;
    this.compressionLevel = compressionLevel;
    this.most = Math.max(1, pieceSize(jobs) / plan.blockSize());
    this.descriptors = descriptors;
    this.data = data;
    this.zeroPage = zeroPage;
    this.progress = progress;
    this.done = part.from();
  }

  private static int pieceSize(int jobs) {
    return Math.clamp(Integer.highestOneBit(ROOM / (ROOMS * jobs)), LEAST_PIECE, MOST_PIECE);
  }

  /** From now on the pages from {@code from} to in front of {@code to}; how many pieces that is. */
  long pieces(long from, long to) {
    firstRank = from;
    endRank = to;
    return Math.ceilDiv(to - from, most);
  }

  /** The next {@code count} page frames are lost, and nobody looks at them. */
  void lose(long count, long endPfn) throws VmcoreException {
    descriptors.skipTo(descriptors.position() + count * PageDescriptors.SIZE);
    lost += count;
    tell(endPfn);
  }

  @Override
  public PagePiece make() {
    return new PagePiece(most, plan.blockSize(), compression.flag(), plan.layout().order());
  }

  private Compressor borrow() {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return Compressor.of(compression, compressionLevel);
  }

  private void giveBack(Compressor compressor) {
    synchronized (idle) {
      idle.push(compressor);
    }
  }

  @Override
  public void work(long number, PagePiece piece) throws VmcoreException {
    long first = firstRank + number * most;
    int count = (int) Math.min(most, endRank - first);
    piece.begin(count);
    long end = kept.read(first, count, piece.pages, piece::lose);
    Compressor compressor = borrow();
    try {
      piece.pack(end, compressor);
    } finally {
      giveBack(compressor);
    }
  }

  @Override
  public void deliver(long number, PagePiece piece) throws VmcoreException {
    byte[] described = piece.descriptors(data.position(), zeroPage);
    descriptors.write(described, 0, piece.descriptorsSize());
    data.write(piece.packed, 0, piece.packedSize());
    zeros += piece.zeros();
    lost += piece.lost();
    tell(piece.endPfn());
  }

  private void tell(long to) {
    progress.accept(pages.ram().count(done, to));
    done = to;
  }

  /** All pieces are delivered: what is left are page frames that aren't kept. */
  void finish() {
    tell(part.to());
  }

  /** How many of the pages are zeros. */
  long zeros() {
    return zeros;
  }

  /** How many of them are lost. */
  long lost() {
    return lost;
  }

  /** Frees the compressors; no thread is at work any more. */
  @Override
  public void close() {
    idle.forEach(Compressor::close);
  }
}
