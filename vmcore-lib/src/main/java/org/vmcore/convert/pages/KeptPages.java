package org.vmcore.convert.pages;

import org.vmcore.convert.pages.PageReader.Losses;
import org.vmcore.memory.VmcoreException;

/** The pages that are kept, by how many others lie before them; the set doesn't change any more. */
public final class KeptPages {
  private final SourcePages pages;
  private final PfnRanks ranks;
  private final PageReader reader;
  private final int pageSize;
  private final boolean mayBeLost;

  private KeptPages(SourcePages pages, PageReader reader) {
    this.pages = pages;
    this.ranks = PfnRanks.of(pages.kept());
    this.reader = reader;
    this.pageSize = Math.toIntExact(pages.pageSize());
    this.mayBeLost = pages.lostBefore() > 0;
  }

  /** Those of {@code pages} that are kept, read by {@code reader}. */
  public static KeptPages of(SourcePages pages, PageReader reader) {
    return new KeptPages(pages, reader);
  }

  /** How many there are. */
  public long count() {
    return ranks.count();
  }

  /** The page frame of {@code rank}; behind all where there is none. */
  public long pfn(long rank) {
    return ranks.select(rank);
  }

  /**
   * Reads the {@code count} pages from {@code rank} on, which there are.
   *
   * @param bytes takes them, from its start on
   * @param losses is told of those that can't be had
   * @return behind the last one's page frame
   * @throws VmcoreException when the dump is closed, or its file fails
   */
  public long read(long rank, int count, byte[] bytes, Losses losses) throws VmcoreException {
    PfnBitmap kept = pages.kept();
    long at = ranks.select(rank);
    for (int done = 0; done < count; ) {
      at = kept.nextSet(at);
      long end = kept.nextClear(at, Math.min(pages.frames(), at + (count - done)));
      readRun(at, end, done, bytes, losses);
      done += (int) (end - at);
      at = end;
    }
    return at;
  }

  /** Reads page frames that are all of them kept, but for those that are known to be lost. */
  private void readRun(long from, long to, int index, byte[] bytes, Losses losses)
      throws VmcoreException {
    if (!mayBeLost) {
      read(from, to, index, bytes, losses);
      return;
    }
    for (long at = from; at < to; ) {
      boolean isLost = pages.lost().get(at);
      long end = isLost ? pages.lost().nextClear(at, to) : pages.lost().nextSet(at, to);
      int first = index + (int) (at - from);
      if (!isLost) {
        read(at, end, first, bytes, losses);
      }
      for (int i = 0; isLost && i < end - at; i++) {
        losses.lost(first + i);
      }
      at = end;
    }
  }

  private void read(long from, long to, int index, byte[] bytes, Losses losses)
      throws VmcoreException {
    reader.read(
        from, (int) (to - from), bytes, index * pageSize, page -> losses.lost(index + page));
  }
}
