package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.vmcore.codec.Compression;
import org.vmcore.codec.Decompressor;
import org.vmcore.codec.MalformedException;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Reads and decompresses pages; borrowed by a thread for as long as it does that. */
final class PageDecoder {
  /** Those that nobody uses. Their number follows the cores', not the dumps'. */
  private static final ArrayBlockingQueue<PageDecoder> IDLE =
      new ArrayBlockingQueue<>(2 * Runtime.getRuntime().availableProcessors());

  private final Decompressor decompressor = new Decompressor();
  private byte[] input = new byte[0];
  private String failure = "";

  private PageDecoder() {}

  static PageDecoder borrow() {
    PageDecoder idle = IDLE.poll();
    return idle == null ? new PageDecoder() : idle;
  }

  void giveBack() {
    if (!IDLE.offer(this)) {
      decompressor.close();
    }
  }

  /**
   * The most bytes that a page of {@code blockSize} bytes can take in a file: no codec adds as
   * much.
   */
  static long mostInput(int blockSize) {
    return 2L * blockSize;
  }

  /**
   * Page {@code rank}; null when the file's bytes don't make one, {@link #failure} being why.
   *
   * @throws VmcoreException when the file fails
   */
  byte @Nullable [] page(ByteSource file, PageDescriptors descriptors, long rank, int blockSize)
      throws VmcoreException {
    int size = (int) descriptors.size(rank);
    if (input.length < size) {
      input = new byte[(int) mostInput(blockSize)];
    }
    long offset = descriptors.offset(rank);
    long there = file.readPresent(offset, MemorySegment.ofArray(input).asSlice(0, size));
    if (there < size) {
      failure = file.lossAt(offset + there).map(Finding::message).orElse("the file ends in a page");
      return null;
    }
    byte[] page = new byte[blockSize];
    Compression how = Objects.requireNonNull(descriptors.compression(rank));
    try {
      int got = decompressor.decompress(how, input, 0, size, page, 0, blockSize);
      if (got == blockSize) {
        return page;
      }
      failure = how.label() + ": " + got + " bytes come out, not " + blockSize;
    } catch (LinkageError e) {
      throw VmcoreException.of(file.name(), how.label() + ": " + e.getMessage(), e);
    } catch (MalformedException e) {
      failure = how.label() + ": " + e.reason() + " (byte " + e.offset() + " of " + size + ")";
    }
    return null;
  }

  /** Why the last page could not be had. */
  String failure() {
    return failure;
  }
}
