package org.vmcore.convert.pages;

import java.nio.file.Path;
import java.util.BitSet;
import org.vmcore.convert.pack.OrderedWork;
import org.vmcore.memory.VmcoreException;

/** Finds the pages of zeros among those that are kept, by reading all of them. */
public final class ZeroScan implements OrderedWork.Steps<ZeroScan.Piece> {
  private static final int PIECE = 1 << 18;

  /** Bytes of all pieces under way. */
  private static final int ROOM = 64 << 20;

  private final KeptPages kept;
  private final PfnBitmap set;
  private final PfnBitmap zeros;
  private final int pageSize;
  private final int most;

  /** Pages that were read. */
  static final class Piece {
    private final byte[] bytes;
    private final BitSet lost = new BitSet();

    private Piece(int size) {
      bytes = new byte[size];
    }
  }

  private ZeroScan(SourcePages pages, KeptPages kept, PfnBitmap zeros) {
    this.kept = kept;
    this.set = pages.kept();
    this.zeros = zeros;
    this.pageSize = Math.toIntExact(pages.pageSize());
    this.most = Math.max(1, PIECE / pageSize);
  }

  /**
   * The pages of zeros. What turns out to be lost isn't among them.
   *
   * @param jobs how many threads read
   * @param scratch the folder of a temporary file, where one is needed
   * @return the caller closes it
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public static PfnBitmap run(SourcePages pages, PageReader reader, int jobs, Path scratch)
      throws VmcoreException {
    KeptPages kept = KeptPages.of(pages, reader);
    PfnBitmap zeros = PfnBitmap.of(pages.frames(), scratch);
    boolean made = false;
    try {
      ZeroScan scan = new ZeroScan(pages, kept, zeros);
      int threads = OrderedWork.threads(jobs, ROOM, (long) scan.most * scan.pageSize, 0);
      OrderedWork.run(threads, (kept.count() + scan.most - 1) / scan.most, scan);
      made = true;
      return zeros;
    } finally {
      if (!made) {
        zeros.close();
      }
    }
  }

  @Override
  public Piece make() {
    return new Piece(most * pageSize);
  }

  @Override
  public void work(long number, Piece piece) throws VmcoreException {
    long first = number * most;
    int count = (int) Math.min(most, kept.count() - first);
    piece.lost.clear();
    kept.read(first, count, piece.bytes, piece.lost::set);
    long pfn = kept.pfn(first);
    for (int i = 0; i < count; i++) {
      pfn = set.nextSet(pfn);
      if (!piece.lost.get(i) && ZeroBytes.isZero(piece.bytes, i * pageSize, pageSize)) {
        zeros.set(pfn, pfn + 1);
      }
      pfn++;
    }
  }

  @Override
  public void deliver(long number, Piece piece) {}
}
