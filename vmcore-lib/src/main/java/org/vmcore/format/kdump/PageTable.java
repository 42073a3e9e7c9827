package org.vmcore.format.kdump;

import org.vmcore.codec.Compression;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * The page descriptors of one file, and what they are worth. A page is called by its rank: how many
 * pages of the dump are in front of it, those of other files of a split set among them.
 *
 * <p>Descriptors may share data, and their offsets may be anything.
 *
 * @param file the file
 * @param layout by which the descriptors are read
 * @param offset the first descriptor's file offset, in bytes
 * @param first the first page's rank
 * @param count of pages
 * @param blockSize the page size, in bytes
 */
record PageTable(
    ByteSource file, KdumpLayout layout, long offset, long first, long count, int blockSize) {
  /** The table of {@code part}, which holds {@code count} pages from {@code first} on. */
  static PageTable of(KdumpPart part, long first, long count) {
    KdumpHeader header = part.header();
    return new PageTable(
        part.file(),
        header.layout(),
        header.descriptorsOffset(),
        first,
        count,
        (int) header.blockSize());
  }

  /** Behind the last page's rank. */
  long end() {
    return first + count;
  }

  /** The file offset of the descriptor of page {@code rank}, in bytes. */
  long offset(long rank) {
    return offset + (rank - first) * PageDescriptors.SIZE;
  }

  /** Up to {@code wanted} descriptors from page {@code rank} on; fewer where the file ends. */
  PageDescriptors read(long rank, int wanted) throws VmcoreException {
    return PageDescriptors.read(file, layout, offset(rank), rank, wanted);
  }

  /** How many descriptors in a row from page {@code rank}'s on, which isn't there, are missing. */
  long missing(long rank) {
    ByteSource.Span span = file.spanAt(offset(rank));
    long bytes = span.isThere() ? 0 : span.end() - offset(rank);
    return Math.max(1, bytes / PageDescriptors.SIZE);
  }

  /** Why page {@code rank} can't be had by its descriptor, which should be in {@code read}. */
  PageRefusal refusal(PageDescriptors read, long rank) {
    if (!read.has(rank)) {
      return PageRefusal.NO_DESCRIPTOR;
    }
    long at = read.offset(rank);
    if (at == 0) {
      return PageRefusal.NO_ROOM;
    }
    Compression how = read.compression(rank);
    if (how == null) {
      return PageRefusal.SEVERAL_CODECS;
    }
    long size = read.size(rank);
    if (!isSize(size, how)) {
      return PageRefusal.NO_SIZE;
    }
    return at < 0 || file.available(at, size) < size ? PageRefusal.NO_BYTES : PageRefusal.NONE;
  }

  private boolean isSize(long size, Compression how) {
    return how == Compression.RAW
        ? size == blockSize
        : size > 0 && size <= PageDecoder.mostInput(blockSize);
  }

  /** {@code refusal} of page {@code rank} in words; empty for none. */
  String describe(PageRefusal refusal, PageDescriptors read, long rank) {
    return switch (refusal) {
      case NONE -> "";
      case NO_DESCRIPTOR -> "the file ends before its page descriptor";
      case NO_ROOM ->
          "page descriptor: offset is 0: there was no room for the page when it was dumped";
      case SEVERAL_CODECS ->
          "page descriptor: flags " + Hex.of(read.flags(rank)) + " name several codecs";
      case NO_SIZE ->
          "page descriptor: size is " + read.size(rank) + ", with blocks of " + blockSize;
      case NO_BYTES ->
          "page descriptor: "
              + read.size(rank)
              + " bytes at offset "
              + Hex.of(read.offset(rank))
              + (file.hasLosses()
                  ? lost(read.offset(rank), read.size(rank))
                  : " are not in the file");
    };
  }

  /** Why {@code size} bytes at {@code offset}, which were in the file once, aren't any more. */
  private String lost(long offset, long size) {
    return file.lossAt(offset + file.available(offset, size))
        .map(loss -> " are lost: " + loss.message())
        .orElse(" are not in the file");
  }
}
