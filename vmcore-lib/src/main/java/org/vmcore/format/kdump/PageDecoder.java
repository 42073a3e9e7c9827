package org.vmcore.format.kdump;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
  private final RepeatedPage repeated = new RepeatedPage();
  private byte[] output = new byte[0];
  private String failure = "";

  /** Bytes of the file: {@link #fetched} of them from {@link #fetchedFrom} on. */
  private byte[] input = new byte[0];

  private long fetchedFrom;
  private int fetched;

  private PageDecoder() {}

  static PageDecoder borrow() {
    PageDecoder idle = IDLE.poll();
    return idle == null ? new PageDecoder() : idle;
  }

  void giveBack() {
    fetched = 0;
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

  /** Room of its own for {@code size} decompressed bytes; what it held before may be lost. */
  byte[] output(int size) {
    if (output.length < size) {
      output = new byte[size];
    }
    return output;
  }

  /**
   * Reads at once what page {@code first} and the {@code count - 1} behind it take in the file, as
   * far as they lie there one behind the other: makedumpfile writes them so.
   *
   * @param first the rank of a page that is there
   */
  void fetch(ByteSource file, PageDescriptors descriptors, long first, int count, int blockSize)
      throws VmcoreException {
    long from = descriptors.offset(first);
    int size = 0;
    for (long rank = first; rank < first + count && descriptors.has(rank); rank++) {
      long here = descriptors.size(rank);
      if (descriptors.offset(rank) != from + size || here > mostInput(blockSize)) {
        break;
      }
      size += (int) here;
    }
    fetch(file, from, size);
  }

  private void fetch(ByteSource file, long offset, int size) throws VmcoreException {
    fetchedFrom = offset;
    fetched = 0; // nothing, if the file fails
    fetched = (int) file.readPresent(offset, MemorySegment.ofArray(input(size)).asSlice(0, size));
  }

  private byte[] input(int size) {
    if (input.length < size) {
      input = new byte[Math.max(size, 2 * input.length)];
    }
    return input;
  }

  /**
   * Puts page {@code rank} into {@code page} from {@code at} on; false when the file's bytes don't
   * make one, {@link #failure} being why.
   *
   * @throws VmcoreException when the file fails
   */
  boolean decode(
      ByteSource file, PageDescriptors descriptors, long rank, byte[] page, int at, int blockSize)
      throws VmcoreException {
    int size = (int) descriptors.size(rank);
    int from = place(file, descriptors.offset(rank), size);
    if (from < 0) {
      return false;
    }
    Compression how = Objects.requireNonNull(descriptors.compression(rank));
    if (repeated.copy(how, input, from, size, page, at, blockSize)) {
      return true;
    }
    try {
      int got = decompressor.decompress(how, input, from, size, page, at, blockSize);
      if (got == blockSize) {
        repeated.keep(how, input, from, size, page, at, blockSize);
        return true;
      }
      failure = how.label() + ": " + got + " bytes come out, not " + blockSize;
    } catch (LinkageError e) {
      throw VmcoreException.of(file.name(), how.label() + ": " + e.getMessage(), e);
    } catch (MalformedException e) {
      failure = how.label() + ": " + e.reason() + " (byte " + e.offset() + " of " + size + ")";
    }
    return false;
  }

  /** Where in {@link #input} these bytes of the file are; below 0 when they can't be had. */
  private int place(ByteSource file, long offset, int size) throws VmcoreException {
    long from = offset - fetchedFrom;
    if (from >= 0 && from + size <= fetched) {
      return (int) from;
    }
    fetch(file, offset, size);
    if (fetched == size) {
      return 0;
    }
    failure = file.lossAt(offset + fetched).map(Finding::message).orElse("the file ends in a page");
    return -1;
  }

  /** Why the last page could not be had. */
  String failure() {
    return failure;
  }

  /**
   * The last page that took few bytes. Most such pages are all zeros, each stored on its own: what
   * is made of the same bytes is the same page.
   */
  private static final class RepeatedPage {
    /** Of a page's size: what snappy, the least of the codecs, makes of zeros, and some more. */
    private static final int PART = 16;

    private @Nullable Compression compression;
    private byte[] source = new byte[0];
    private byte[] page = new byte[0];
    private int size = -1;

    boolean copy(
        Compression how, byte[] input, int from, int length, byte[] target, int at, int blockSize) {
      if (length != size
          || how != compression
          || page.length != blockSize
          || !Arrays.equals(source, 0, size, input, from, from + length)) {
        return false;
      }
      System.arraycopy(page, 0, target, at, blockSize);
      return true;
    }

    void keep(
        Compression how, byte[] input, int from, int length, byte[] target, int at, int blockSize) {
      if (length > blockSize / PART) {
        return;
      }
      if (page.length != blockSize) {
        page = new byte[blockSize];
        source = new byte[blockSize / PART];
      }
      compression = how;
      size = length;
      System.arraycopy(input, from, source, 0, length);
      System.arraycopy(target, at, page, 0, blockSize);
    }
  }
}
