package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.vmcore.codec.Compression;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * The pages that one file holds, by the index of their descriptors.
 *
 * <p>Descriptors may share data, and their offsets may be anything: a page whose bytes aren't in
 * the file, or don't make one page, is lost, and no other is.
 */
final class DumpedPages {
  private static final String CHECK = "pages";
  private static final String FILE_SIZE = "file_size";

  /** Descriptors that are read at once where reading goes straight on. */
  private static final int GROUP = 128;

  /** The most pages in a row that are taken for pages which share their bytes. */
  private static final int MOST_SHARED = 1 << 20;

  private final ByteSource file;
  private final KdumpLayout layout;
  private final long table;
  private final long rank;
  private final long count;
  private final int blockSize;
  private final PageCache cache;
  private final ReadAhead ahead;
  private final LostPages lost = new LostPages();

  /** The descriptors that were looked at last. */
  private volatile PageDescriptors recent = PageDescriptors.none();

  /** The pages whose presence was looked at last. */
  private volatile Run recentRun = new Run(0, 0, false, 0);

  /** Pages that are there, or not, alike, when so many were known to be lost. */
  private record Run(long from, long to, boolean there, int lost) {}

  /**
   * The pages of {@code file}.
   *
   * @param rank how many pages of the dump are in front of them
   * @param count of descriptors
   * @param cache of all pages of the dump, by their rank
   */
  DumpedPages(ByteSource file, KdumpHeader header, long rank, long count, PageCache cache) {
    this.file = file;
    this.layout = header.layout();
    this.table = header.descriptorsOffset();
    this.rank = rank;
    this.count = count;
    this.blockSize = (int) header.blockSize();
    this.cache = cache;
    this.ahead = new ReadAhead(blockSize);
  }

  /** The file's name. */
  String name() {
    return file.name();
  }

  /** How many pages were dumped into the file. */
  long count() {
    return count;
  }

  /**
   * Tells when the file ends before its last page's descriptor or bytes.
   *
   * @param which the file is meant, in front of what is told
   */
  void report(String which, List<Finding> findings) throws VmcoreException {
    if (count == 0) {
      return;
    }
    PageDescriptors last = PageDescriptors.read(file, layout, table, count - 1, 1);
    if (!last.has(count - 1)) {
      long has = Math.clamp((file.size() - table) / PageDescriptors.SIZE, 0, count);
      String what = which + "the file ends in its page descriptors: it has " + has + " of " + count;
      findings.add(Finding.error(FILE_SIZE, file.size(), what));
      return;
    }
    if (isCut()) {
      findings.add(
          Finding.error(FILE_SIZE, file.size(), which + "the file ends too early: pages are lost"));
    }
  }

  /**
   * Whether the file ends before the bytes of its last pages. Pages in a row that share their
   * bytes, as zero pages do, don't tell.
   */
  private boolean isCut() throws VmcoreException {
    long shared = 0;
    for (long to = count; to > Math.max(0, count - MOST_SHARED); to -= GROUP) {
      long from = Math.max(0, to - GROUP);
      PageDescriptors group = PageDescriptors.read(file, layout, table, from, (int) (to - from));
      for (long index = to - 1; index >= from; index--) {
        if (!group.has(index)) {
          return true;
        }
        long offset = group.offset(index);
        if (offset <= 0) {
          continue;
        }
        if (file.available(offset, group.size(index)) < group.size(index)) {
          return true;
        }
        if (shared != 0 && offset != shared) {
          return false;
        }
        shared = offset;
      }
    }
    return false;
  }

  /**
   * Copies bytes of page {@code index}.
   *
   * @param from the first byte's place in the page
   * @param n how many, inside of the page
   * @param wanted how many pages the reader has asked for from this one on
   * @return {@code n}, or 0 when the page is lost
   */
  long copy(long index, int from, MemorySegment dst, long at, long n, long wanted)
      throws VmcoreException {
    byte[] page = cache.get(rank + index);
    if (page == null) {
      PageDescriptors descriptors = descriptors(index);
      if (!isThere(descriptors, index)) {
        return 0;
      }
      if (isRaw(descriptors, index)) {
        ahead.read(index);
        return file.read(descriptors.offset(index) + from, dst.asSlice(at, n)) < n ? 0 : n;
      }
      page = decompress(descriptors, index, wanted);
      if (page == null) {
        return 0;
      }
    }
    ahead.read(index);
    MemorySegment.copy(page, from, dst, ValueLayout.JAVA_BYTE, at, (int) n);
    return n;
  }

  /** Whether page {@code index} can be had, as far as is known without decompressing it. */
  boolean isThere(long index) throws VmcoreException {
    return isThere(descriptors(index), index);
  }

  /**
   * How many pages in a row from {@code index} on, at most {@code most}, {@link #isThere} alike.
   */
  long run(long index, long most) throws VmcoreException {
    int before = lost.count();
    boolean there = isThere(index);
    Run known = recentRun;
    if (index >= known.from && index < known.to && there == known.there && before == known.lost) {
      return Math.min(most, known.to - index);
    }
    long end = runEnd(index, there, Math.min(index + most, count));
    recentRun = new Run(index, end, there, before);
    return end - index;
  }

  private long runEnd(long index, boolean there, long end) throws VmcoreException {
    PageDescriptors descriptors = PageDescriptors.none();
    for (long at = index + 1; at < end; at++) {
      if (!descriptors.has(at)) {
        int wanted = (int) Math.min(GROUP, end - at);
        descriptors = PageDescriptors.read(file, layout, table, at, wanted);
      }
      if (isThere(descriptors, at) != there) {
        return at;
      }
    }
    return Math.max(index + 1, end);
  }

  private boolean isThere(PageDescriptors descriptors, long index) throws VmcoreException {
    if (!descriptors.has(index) || lost.has(index)) {
      return false;
    }
    Compression how = descriptors.compression(index);
    long offset = descriptors.offset(index);
    long size = descriptors.size(index);
    return how != null && offset > 0 && isSize(size, how) && file.available(offset, size) == size;
  }

  private boolean isSize(long size, Compression how) {
    return how == Compression.RAW
        ? size == blockSize
        : size > 0 && size <= PageDecoder.mostInput(blockSize);
  }

  private static boolean isRaw(PageDescriptors descriptors, long index) {
    return descriptors.compression(index) == Compression.RAW;
  }

  /** Descriptor {@code index} and some behind it, unless the table ends before. */
  private PageDescriptors descriptors(long index) throws VmcoreException {
    PageDescriptors known = recent;
    if (known.has(index)) {
      return known;
    }
    // A bitmap that changes while it is open can name more pages than were counted.
    int wanted = Math.clamp(count - index, 1, ahead.isStraight(index) ? GROUP : 1);
    PageDescriptors read = PageDescriptors.read(file, layout, table, index, wanted);
    recent = read;
    return read;
  }

  private byte @Nullable [] decompress(PageDescriptors descriptors, long index, long wanted)
      throws VmcoreException {
    int window = (int) Math.min(ahead.window(index, wanted), count - index);
    if (window > 1) {
      decompressAll(index, window);
      byte[] page = cache.get(rank + index);
      if (page != null) {
        return page;
      }
    }
    return unpack(descriptors, index);
  }

  /** Decompresses a page into the cache; null when it turns out to be lost. */
  private byte @Nullable [] unpack(PageDescriptors descriptors, long index) throws VmcoreException {
    PageDecoder decoder = PageDecoder.borrow();
    try {
      byte[] page = decoder.page(file, descriptors, index, blockSize);
      if (page == null) {
        lost.add(index);
      } else {
        cache.put(rank + index, page);
      }
      return page;
    } finally {
      decoder.giveBack();
    }
  }

  /** Decompresses the pages from {@code first} on into the cache, as far as they can be had. */
  private void decompressAll(long first, int window) throws VmcoreException {
    PageDescriptors all = PageDescriptors.read(file, layout, table, first, window);
    AllCores.run(
        window,
        number -> {
          try {
            decompressInto(all, first + number);
          } catch (VmcoreException | RuntimeException | Error e) {
            // Who reads the page runs into the same, and tells.
          }
        });
  }

  private void decompressInto(PageDescriptors all, long index) throws VmcoreException {
    if (!isThere(all, index) || isRaw(all, index) || cache.get(rank + index) != null) {
      return;
    }
    unpack(all, index);
  }

  /** Why page {@code index}, which holds {@code pfn}, is lost; empty when it isn't. */
  Optional<Finding> loss(long index, long pfn) throws VmcoreException {
    PageDescriptors descriptors = PageDescriptors.read(file, layout, table, index, 1);
    long place = table + index * PageDescriptors.SIZE;
    if (!descriptors.has(index)) {
      return loss(pfn, place, "the file ends before its page descriptor");
    }
    long offset = descriptors.offset(index);
    String refusal = refusal(descriptors, index);
    if (!refusal.isEmpty()) {
      return loss(pfn, place, refusal);
    }
    if (isRaw(descriptors, index)) {
      return Optional.empty();
    }
    PageDecoder decoder = PageDecoder.borrow();
    try {
      return decoder.page(file, descriptors, index, blockSize) == null
          ? loss(pfn, offset, decoder.failure())
          : Optional.empty();
    } finally {
      decoder.giveBack();
    }
  }

  private String refusal(PageDescriptors descriptors, long index) {
    long offset = descriptors.offset(index);
    long size = descriptors.size(index);
    Compression how = descriptors.compression(index);
    if (offset == 0) {
      return "page descriptor: offset is 0: there was no room for the page when it was dumped";
    }
    if (how == null) {
      String flags = Integer.toHexString(descriptors.flags(index));
      return "page descriptor: flags 0x" + flags + " name several codecs";
    }
    if (!isSize(size, how)) {
      return "page descriptor: size is " + size + ", with blocks of " + blockSize;
    }
    if (offset < 0 || file.available(offset, size) < size) {
      return "page descriptor: "
          + size
          + " bytes at offset 0x"
          + Long.toHexString(offset)
          + " are not in the file";
    }
    return "";
  }

  private static Optional<Finding> loss(long pfn, long offset, String why) {
    String page = "page frame 0x" + Long.toHexString(pfn) + ": ";
    return Optional.of(Finding.error(CHECK, offset, page + why));
  }
}
