package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Bytes;

/**
 * The pages that one file holds, by their rank among all pages of the dump.
 *
 * <p>A page whose bytes aren't in the file, or don't make one page, is lost, and no other is.
 */
final class DumpedPages {
  /** Of so many bytes and more, pages are decompressed into what the reader gave. */
  private static final int STREAM_BYTES = 1 << 17;

  private static final int MOST_AT_ONCE = 1 << 20;

  /** Stands for the threads of a pool, when it is asked whether they may write to some memory. */
  private static final Thread OTHER = Thread.ofPlatform().unstarted(() -> {});

  private final PageTable table;
  private final PageCache cache;
  private final PagePresence presence;
  private final ReadAhead ahead;
  private final int blockSize;

  /** How many pages at least are worth it to be streamed. */
  private final int leastPages;

  /** The descriptors that were looked at last. */
  private volatile PageDescriptors recent = PageDescriptors.none();

  /**
   * The pages of {@code table}.
   *
   * @param cache of all pages of the dump, by their rank
   */
  DumpedPages(PageTable table, PageCache cache) {
    this.table = table;
    this.cache = cache;
    this.presence = new PagePresence(table);
    this.blockSize = table.blockSize();
    this.leastPages = Math.max(2, STREAM_BYTES / blockSize);
    this.ahead = new ReadAhead(blockSize);
  }

  /** Where they are in the file. */
  PageTable table() {
    return table;
  }

  /**
   * Copies bytes of the pages from {@code first} on.
   *
   * @param from the first byte's place in page {@code first}
   * @param dst takes bytes of pages of this file only
   * @return the bytes copied, fewer than {@code dst} holds where a page is lost
   */
  long read(long first, int from, MemorySegment dst) throws VmcoreException {
    long size = dst.byteSize();
    boolean streams = size >= STREAM_BYTES && dst.isAccessibleBy(OTHER);
    long done = 0;
    while (done < size) {
      long rank = first + (from + done) / blockSize;
      int in = (int) ((from + done) % blockSize);
      long got = streams && in == 0 ? stream(rank, dst.asSlice(done)) : 0;
      long n = Math.min(size - done, blockSize - in);
      if (got == 0) {
        got = copy(rank, in, dst.asSlice(done), n);
      }
      done += got;
      if (got < n) {
        break;
      }
    }
    return done;
  }

  /**
   * Decompresses whole pages from {@code rank} on into {@code dst}, past the cache: nobody will ask
   * for them a second time soon. Gives how many bytes; 0 when that doesn't pay, or the page is
   * lost.
   */
  private long stream(long rank, MemorySegment dst) throws VmcoreException {
    long most = Math.min(dst.byteSize(), MOST_AT_ONCE) / blockSize;
    PageDescriptors read = descriptors(rank);
    if (most < leastPages || read.isRaw(rank) || !presence.isThere(read, rank)) {
      return 0;
    }
    // Up to the next page that is known to be lost: what is behind it isn't unpacked in vain.
    int count = (int) presence.run(read, rank, Math.min(most, table.end() - rank));
    if (count < leastPages) {
      return 0;
    }
    PageBatch.Target target =
        new PageBatch.Target() {
          @Override
          public boolean has(long page) {
            return false;
          }

          @Override
          public void put(long page, byte[] bytes, int offset) {
            Bytes.copy(
                MemorySegment.ofArray(bytes), offset, dst, (page - rank) * blockSize, blockSize);
          }
        };
    return (long) PageBatch.unpack(table, presence, rank, count, target) * blockSize;
  }

  /**
   * Copies bytes of page {@code rank}, and of those behind it as far as that takes no more effort.
   *
   * @param from the first byte's place in the page
   * @param n how many of them in the page {@code dst} has room for
   * @return {@code n} or more, or 0 when the page is lost
   */
  private long copy(long rank, int from, MemorySegment dst, long n) throws VmcoreException {
    if (cache.copy(rank, from, dst, 0, (int) n)) {
      ahead.read(rank);
      return n;
    }
    PageDescriptors read = descriptors(rank);
    if (!presence.isThere(read, rank)) {
      return 0;
    }
    if (read.isRaw(rank)) {
      return copyRaw(read, rank, from, dst, n);
    }
    int window = (int) Math.min(ahead.window(rank, dst.byteSize() / blockSize), table.end() - rank);
    if (window > 1) {
      unpackAhead(rank, window);
    }
    boolean done = window > 1 && cache.copy(rank, from, dst, 0, (int) n);
    if (!done && !decompress(read, rank, from, dst, n)) {
      return 0;
    }
    ahead.read(rank);
    return n;
  }

  /** Pages that aren't compressed, as far as they lie in the file one behind the other. */
  private long copyRaw(PageDescriptors read, long rank, int from, MemorySegment dst, long n)
      throws VmcoreException {
    long offset = read.offset(rank) + from;
    long most = n;
    long last = rank;
    while (dst.byteSize() - most >= blockSize
        && read.has(last + 1)
        && read.isRaw(last + 1)
        && read.offset(last + 1) == offset + most
        && presence.isThere(read, last + 1)) {
      most += blockSize;
      last++;
    }
    long got = table.file().readPresent(offset, dst.asSlice(0, most));
    if (got < n) {
      presence.lose(rank);
      return 0;
    }
    got -= (got - n) % blockSize; // what is cut shows when it is read alone
    ahead.read(rank + (got - n) / blockSize);
    return got;
  }

  /** Decompresses the pages from {@code rank} on that aren't in the cache into it. */
  private void unpackAhead(long rank, int count) throws VmcoreException {
    PageBatch.Target target =
        new PageBatch.Target() {
          @Override
          public boolean has(long page) {
            return cache.has(page);
          }

          @Override
          public void put(long page, byte[] bytes, int offset) {
            cache.put(page, bytes, offset);
          }
        };
    PageBatch.unpack(table, presence, rank, count, target);
  }

  /** Decompresses page {@code rank} alone; gives whether it could be had. */
  private boolean decompress(PageDescriptors read, long rank, int from, MemorySegment dst, long n)
      throws VmcoreException {
    PageDecoder decoder = PageDecoder.borrow();
    try {
      byte[] page = decoder.output(blockSize);
      if (!decoder.decode(table.file(), read, rank, page, 0, blockSize)) {
        presence.lose(rank);
        return false;
      }
      Bytes.copy(MemorySegment.ofArray(page), from, dst, 0, n);
      cache.put(rank, page, 0);
      return true;
    } finally {
      decoder.giveBack();
    }
  }

  /** The descriptor of page {@code rank} and some behind it, unless the table ends before. */
  private PageDescriptors descriptors(long rank) throws VmcoreException {
    PageDescriptors known = recent;
    if (known.has(rank)) {
      return known;
    }
    // A bitmap that changes while it is open can name more pages than were counted.
    int most = ahead.isStraight(rank) ? PageDescriptors.GROUP : 1;
    PageDescriptors read = table.read(rank, Math.clamp(table.end() - rank, 1, most));
    recent = read;
    return read;
  }

  /** Whether page {@code rank} can be had, as far as is known without decompressing it. */
  boolean isThere(long rank) throws VmcoreException {
    return presence.isThere(descriptors(rank), rank);
  }

  /** How many pages in a row from {@code rank} on, at most {@code most}, {@link #isThere} alike. */
  long run(long rank, long most) throws VmcoreException {
    return presence.run(descriptors(rank), rank, most);
  }

  /** Why page {@code rank} is lost; empty when it isn't. */
  Optional<PageLoss> loss(long rank) throws VmcoreException {
    PageDescriptors read = table.read(rank, 1);
    PageRefusal refusal = table.refusal(read, rank);
    if (refusal != PageRefusal.NONE) {
      return Optional.of(PageLoss.at(table.offset(rank), table.describe(refusal, read, rank)));
    }
    return read.isRaw(rank) ? Optional.empty() : damage(read, rank);
  }

  private Optional<PageLoss> damage(PageDescriptors read, long rank) throws VmcoreException {
    PageDecoder decoder = PageDecoder.borrow();
    try {
      byte[] page = decoder.output(blockSize);
      return decoder.decode(table.file(), read, rank, page, 0, blockSize)
          ? Optional.empty()
          : Optional.of(PageLoss.at(read.offset(rank), decoder.failure()));
    } finally {
      decoder.giveBack();
    }
  }
}
