package org.vmcore.envelope.packed;

import java.lang.foreign.MemorySegment;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.VmcoreException;

/** A compressed file, read from its first byte to its last one. */
final class PackedInput {
  /** How much is read for nothing: the end of a device may be zeros, and so is a hole. */
  static final long MOST_BARREN = 64L << 20;

  private final ByteSource file;
  private final byte[] buffer = new byte[1 << 17];
  private int at;
  private int limit;

  /** The file offset behind the buffer's last byte. */
  private long end;

  /** Where it was when something came out the last time. */
  private long fruitful;

  /** The file offset behind the last byte that is read. */
  private final long last;

  PackedInput(ByteSource file) {
    this(file, 0, Long.MAX_VALUE);
  }

  /** The bytes of {@code file} from {@code start} to {@code last} alone. */
  PackedInput(ByteSource file, long start, long last) {
    this.file = file;
    this.end = start;
    this.fruitful = start;
    this.last = last;
  }

  ByteSource file() {
    return file;
  }

  /** The file offset of the next byte. */
  long position() {
    return end - (limit - at);
  }

  /** The next byte; -1 at the end. */
  int u8() throws VmcoreException {
    return at < limit || fill() ? buffer[at++] & 0xff : -1;
  }

  /** Bytes for {@code dst}; 0 at the end. */
  int read(byte[] dst, int offset, int length) throws VmcoreException {
    if (at == limit && !fill()) {
      return 0;
    }
    int n = Math.min(length, limit - at);
    System.arraycopy(buffer, at, dst, offset, n);
    at += n;
    return n;
  }

  /** Fills the first {@code size} bytes of {@code dst}; gives how many there were. */
  int readAll(byte[] dst, int size) throws VmcoreException {
    int done = 0;
    int n;
    do {
      n = read(dst, done, size - done);
      done += n;
    } while (n > 0 && done < size);
    return done;
  }

  /** The next four bytes as a little-endian number; -1 when there are fewer. */
  long u32() throws VmcoreException {
    long value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      int next = u8();
      if (next < 0) {
        return -1;
      }
      value |= (long) next << shift;
    }
    return value;
  }

  /**
   * The next byte that isn't 0; -1 at the end, and behind so many zeros that they are no padding.
   */
  int behindZeros() throws VmcoreException {
    long most = position() + MOST_BARREN;
    int next = u8();
    while (next == 0 && position() < most) {
      next = u8();
    }
    return next == 0 ? -1 : next;
  }

  /** Something came out of what was read. */
  void yielded() {
    fruitful = end;
  }

  /** Whether so much was read for nothing that it would go on for as long as the file has zeros. */
  boolean isBarren() {
    return end - fruitful > MOST_BARREN;
  }

  /** Passes over {@code n} bytes without reading them. */
  void skip(long n) {
    if (n <= limit - at) {
      at += (int) n;
    } else {
      end += n - (limit - at);
      fruitful += n - (limit - at);
      limit = 0;
      at = 0;
    }
  }

  /** Goes back by {@code n} bytes of those that were read last. */
  void back(int n) {
    at -= n;
  }

  private boolean fill() throws VmcoreException {
    long most = Math.min(buffer.length, last - end);
    limit = most <= 0 ? 0 : (int) file.read(end, MemorySegment.ofArray(buffer).asSlice(0, most));
    at = 0;
    end += limit;
    return limit > 0;
  }
}
