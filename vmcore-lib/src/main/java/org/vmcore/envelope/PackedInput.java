package org.vmcore.envelope;

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
