package org.vmcore.search;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.vmcore.io.Faults;
import org.vmcore.io.FileSlice;
import org.vmcore.memory.Extent;
import org.vmcore.memory.Memory;
import org.vmcore.memory.VmcoreException;
import org.vmcore.oldmem.FileBacked;

/**
 * Looks at the first four bytes of every page of a memory, or at every four bytes.
 *
 * <p>Pages of memory that lies in a mapped file are looked at where they are; any other is read
 * piece by piece.
 */
final class WordScan {
  /** The smallest page there is, in bytes: the headers that are sought are aligned to it. */
  static final int PAGE = 4096;

  private static final int PIECE = 1 << 20;
  private static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Memory memory;
  private final String name;
  private final int word;
  private final int step;
  private final Hit hit;
  private byte[] buffer = new byte[0];
  private boolean ended;

  private WordScan(Memory memory, String name, int word, int step, Hit hit) {
    this.memory = memory;
    this.name = name;
    this.word = word;
    this.step = step;
    this.hit = hit;
  }

  /** Is told of each place where the word stands. */
  @FunctionalInterface
  interface Hit {
    /**
     * The word stands at {@code address}.
     *
     * @return whether the scan goes on
     */
    boolean at(long address) throws VmcoreException;
  }

  /** Scans the starts of pages for {@code word}, a little-endian number. */
  static void pages(Memory memory, String name, int word, Hit hit) throws VmcoreException {
    new WordScan(memory, name, word, PAGE, hit).run();
  }

  /** Scans every aligned four bytes for {@code word}, a little-endian number. */
  static void words(Memory memory, String name, int word, Hit hit) throws VmcoreException {
    new WordScan(memory, name, word, Integer.BYTES, hit).run();
  }

  private void run() throws VmcoreException {
    long at = 0;
    do {
      Extent extent = memory.extentAt(at);
      long size = extent.sizeFrom(at);
      if (extent.isPresent()) {
        extent(at, size);
      }
      at += size;
    } while (!ended && at != 0 && at != -1); // a whole address space is told as one byte less
  }

  private void extent(long start, long size) throws VmcoreException {
    for (long done = -start & step - 1; !ended && done < size; ) {
      Optional<MemorySegment> mapped =
          step == PAGE ? mapped(start + done, size - done) : Optional.empty();
      if (mapped.isPresent()) {
        guarded(mapped.get(), start + done);
        done += mapped.get().byteSize();
      } else {
        done += piece(start + done, Math.min(size - done, PIECE));
      }
      done += -(start + done) & step - 1;
    }
  }

  private Optional<MemorySegment> mapped(long address, long size) throws VmcoreException {
    if (!(memory instanceof FileBacked file)) {
      return Optional.empty();
    }
    Optional<FileSlice> slice = file.backing(address, size);
    return slice.flatMap(
        s -> s.source().mapped().map(bytes -> bytes.asSlice(s.offset(), s.size())));
  }

  private long piece(long address, long size) throws VmcoreException {
    if (buffer.length < size) {
      buffer = new byte[(int) size];
    }
    MemorySegment bytes = MemorySegment.ofArray(buffer).asSlice(0, size);
    piece((int) memory.read(address, bytes), address);
    return size;
  }

  private void guarded(MemorySegment bytes, long address) throws VmcoreException {
    try {
      Faults.guard(name, () -> segment(bytes, address));
    } catch (IllegalStateException e) {
      if (bytes.scope().isAlive()) {
        throw e;
      }
      throw VmcoreException.of(name, "the dump is closed", e);
    }
  }

  /** The hot loop for pages of mapped memory. */
  private boolean segment(MemorySegment bytes, long address) throws VmcoreException {
    long at = 0;
    while (!ended) {
      at = nextPage(bytes, at);
      if (at < 0) {
        break;
      }
      ended = !hit.at(address + at);
      at += step;
    }
    return ended;
  }

  private long nextPage(MemorySegment bytes, long from) {
    long end = bytes.byteSize() - Integer.BYTES;
    for (long at = from; at <= end; at += PAGE) {
      if (bytes.get(WORD, at) == word) {
        return at;
      }
    }
    return -1;
  }

  /** One byte of each step is looked at: the first compiler makes fast code of it. */
  private void piece(int length, long address) throws VmcoreException {
    byte first = (byte) word;
    byte[] bytes = buffer;
    for (int at = 0; at <= length - Integer.BYTES; at += step) {
      if (bytes[at] == first && MemorySegment.ofArray(bytes).get(WORD, at) == word) {
        ended = !hit.at(address + at);
        if (ended) {
          return;
        }
      }
    }
  }
}
