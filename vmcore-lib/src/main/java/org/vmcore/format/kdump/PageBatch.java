package org.vmcore.format.kdump;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.vmcore.memory.VmcoreException;

/**
 * Pages in a row of one file, decompressed by all cores at once.
 *
 * <p>A page that turns out to be damaged is lost from then on. Whatever else goes wrong with one
 * only leaves it out: who reads it alone runs into the same, and reports it.
 */
final class PageBatch implements AllCores.Jobs {
  /** Bytes that a thread takes at once: 4 pages of 4 KiB. */
  private static final int SHARE_BYTES = 1 << 14;

  /** Fewer bytes are unpacked before another thread has begun. */
  private static final int WORTH_A_THREAD = 1 << 17;

  private final PageTable table;
  private final PagePresence presence;
  private final PageDescriptors descriptors;
  private final long first;
  private final int count;
  private final Target target;

  /** How many pages a thread takes at once. */
  private final int sharePages;

  /** By share: how many of its pages were had, up to the first one that wasn't. */
  private final AtomicIntegerArray had;

  /** Where pages go. */
  interface Target {
    /** Whether page {@code rank} is there already. */
    boolean has(long rank);

    /** Takes page {@code rank}, which lies at {@code offset} of {@code page}. */
    void put(long rank, byte[] page, int offset);
  }

  private PageBatch(
      PageTable table,
      PagePresence presence,
      PageDescriptors descriptors,
      long first,
      int count,
      Target target) {
    this.table = table;
    this.presence = presence;
    this.descriptors = descriptors;
    this.first = first;
    this.count = count;
    this.target = target;
    this.sharePages = Math.clamp(SHARE_BYTES / table.blockSize(), 1, count);
    this.had = new AtomicIntegerArray((count + sharePages - 1) / sharePages);
  }

  /**
   * Decompresses the {@code count} pages from {@code first} on.
   *
   * @return how many of them in a row {@code target} has
   * @throws VmcoreException when the descriptors can't be read
   */
  static int unpack(PageTable table, PagePresence presence, long first, int count, Target target)
      throws VmcoreException {
    PageDescriptors descriptors = table.read(first, count);
    PageBatch batch = new PageBatch(table, presence, descriptors, first, count, target);
    if ((long) count * table.blockSize() < WORTH_A_THREAD) {
      AllCores.runAlone(batch.had.length(), batch);
    } else {
      AllCores.run(batch.had.length(), batch);
    }
    return batch.inRow();
  }

  private int inRow() {
    for (int share = 0; share < had.length(); share++) {
      if (had.get(share) < size(share)) {
        return share * sharePages + had.get(share);
      }
    }
    return count;
  }

  private long first(int share) {
    return first + (long) share * sharePages;
  }

  private int size(int share) {
    return Math.min(sharePages, count - share * sharePages);
  }

  @Override
  public AllCores.Worker worker() {
    return new Unpacker();
  }

  /** Decompresses a share of them after the other into memory of its own. */
  private final class Unpacker implements AllCores.Worker {
    private final PageDecoder decoder = PageDecoder.borrow();
    private final byte[] pages = decoder.output(sharePages * table.blockSize());
    private final BitSet decoded = new BitSet(sharePages);
    private int inRow;

    @Override
    public void work(int share, AllCores.Progress progress) {
      decoded.clear();
      inRow = 0;
      try {
        unpack(share, progress);
      } catch (VmcoreException | RuntimeException | Error e) {
        // Left out, and the others of this share with it.
      }
    }

    private void unpack(int share, AllCores.Progress progress) throws VmcoreException {
      boolean fetched = false;
      for (int i = 0; i < size(share) && !progress.isDone(); i++) {
        long rank = first(share) + i;
        boolean there = target.has(rank);
        if (!there && presence.isThere(descriptors, rank)) {
          if (!fetched) {
            decoder.fetch(table.file(), descriptors, rank, size(share) - i, table.blockSize());
            fetched = true;
          }
          there = decode(rank, i);
        }
        inRow += there && inRow == i ? 1 : 0;
      }
    }

    private boolean decode(long rank, int i) throws VmcoreException {
      boolean done =
          decoder.decode(
              table.file(), descriptors, rank, pages, i * table.blockSize(), table.blockSize());
      decoded.set(i, done);
      if (!done) {
        presence.lose(rank);
      }
      return done;
    }

    @Override
    public void publish(int share) {
      for (int i = decoded.nextSetBit(0); i >= 0; i = decoded.nextSetBit(i + 1)) {
        target.put(first(share) + i, pages, i * table.blockSize());
      }
      had.set(share, inRow);
    }

    @Override
    public void close() {
      decoder.giveBack();
    }
  }
}
