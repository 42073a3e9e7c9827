package org.vmcore.format.kdump;

import org.jspecify.annotations.Nullable;
import org.vmcore.codec.Compression;
import org.vmcore.memory.VmcoreException;

/** Decompresses pages of one file into the cache of all pages of the dump. */
final class PageUnpacker {
  private final PageTable table;
  private final PagePresence presence;
  private final PageCache cache;

  PageUnpacker(PageTable table, PagePresence presence, PageCache cache) {
    this.table = table;
    this.presence = presence;
    this.cache = cache;
  }

  /** Decompresses page {@code rank}, which is there; null when it turns out to be lost. */
  byte @Nullable [] unpack(PageDescriptors read, long rank) throws VmcoreException {
    PageDecoder decoder = PageDecoder.borrow();
    try {
      byte[] page = decoder.page(table.file(), read, rank, table.blockSize());
      if (page == null) {
        presence.lose(rank);
      } else {
        cache.put(rank, page);
      }
      return page;
    } finally {
      decoder.giveBack();
    }
  }

  /** Decompresses the {@code count} pages from {@code first} on, as far as they can be had. */
  void unpackAll(long first, int count) throws VmcoreException {
    PageDescriptors all = table.read(first, count);
    AllCores.run(
        count,
        number -> {
          try {
            unpackMissing(all, first + number);
          } catch (VmcoreException | RuntimeException | Error e) {
            // Who reads the page runs into the same, and reports it.
          }
        });
  }

  private void unpackMissing(PageDescriptors all, long rank) throws VmcoreException {
    if (presence.isThere(all, rank)
        && all.compression(rank) != Compression.RAW
        && cache.get(rank) == null) {
      unpack(all, rank);
    }
  }
}
