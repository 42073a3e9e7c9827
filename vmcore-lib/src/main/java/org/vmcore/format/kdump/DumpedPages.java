package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmcore.codec.Compression;
import org.vmcore.memory.VmcoreException;

/**
 * The pages that one file holds, by their rank among all pages of the dump.
 *
 * <p>A page whose bytes aren't in the file, or don't make one page, is lost, and no other is.
 */
final class DumpedPages {
  private final PageTable table;
  private final PageCache cache;
  private final PagePresence presence;
  private final PageUnpacker unpacker;
  private final ReadAhead ahead;

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
    this.unpacker = new PageUnpacker(table, presence, cache);
    this.ahead = new ReadAhead(table.blockSize());
  }

  /** Where they are in the file. */
  PageTable table() {
    return table;
  }

  /**
   * Copies bytes of page {@code rank}.
   *
   * @param from the first byte's place in the page
   * @param n how many, inside of the page
   * @param wanted how many pages the reader has asked for from this one on
   * @return {@code n}, or 0 when the page is lost
   */
  long copy(long rank, int from, MemorySegment dst, long at, long n, long wanted)
      throws VmcoreException {
    byte[] page = cache.get(rank);
    if (page == null) {
      PageDescriptors read = descriptors(rank);
      if (!presence.isThere(read, rank)) {
        return 0;
      }
      if (read.compression(rank) == Compression.RAW) {
        ahead.read(rank);
        long got = table.file().readPresent(read.offset(rank) + from, dst.asSlice(at, n));
        if (got < n) {
          presence.lose(rank);
          return 0;
        }
        return n;
      }
      page = decompress(read, rank, wanted);
      if (page == null) {
        return 0;
      }
    }
    ahead.read(rank);
    MemorySegment.copy(page, from, dst, ValueLayout.JAVA_BYTE, at, (int) n);
    return n;
  }

  private byte @Nullable [] decompress(PageDescriptors read, long rank, long wanted)
      throws VmcoreException {
    int window = (int) Math.min(ahead.window(rank, wanted), table.end() - rank);
    if (window > 1) {
      unpacker.unpackAll(rank, window);
      byte[] page = cache.get(rank);
      if (page != null) {
        return page;
      }
    }
    return unpacker.unpack(read, rank);
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
    return read.compression(rank) == Compression.RAW ? Optional.empty() : damage(read, rank);
  }

  private Optional<PageLoss> damage(PageDescriptors read, long rank) throws VmcoreException {
    PageDecoder decoder = PageDecoder.borrow();
    try {
      return decoder.page(table.file(), read, rank, table.blockSize()) == null
          ? Optional.of(PageLoss.at(read.offset(rank), decoder.failure()))
          : Optional.empty();
    } finally {
      decoder.giveBack();
    }
  }
}
