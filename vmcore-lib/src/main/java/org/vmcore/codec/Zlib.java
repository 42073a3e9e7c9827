package org.vmcore.codec;

import java.util.zip.Adler32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.vmcore.values.Hex;

/**
 * Decompresses zlib streams (RFC 1950).
 *
 * <p>The header and the Adler-32 behind the data are checked here: java.util.zip's sum is several
 * times as fast as that inside of zlib. Bytes behind the stream are ignored, as zlib's uncompress
 * does.
 */
final class Zlib implements AutoCloseable {
  private static final int HEADER_SIZE = 2;
  private static final int CHECK_SIZE = 4;

  private final Inflater inflater = new Inflater(true);
  private final Adler32 adler32 = new Adler32();
  private final byte[] beyond = new byte[1];

  int decompress(byte[] source, int offset, int length, byte[] target, int targetOffset, int most)
      throws MalformedException {
    if (length < HEADER_SIZE) {
      throw new MalformedException(length, "truncated");
    }
    checkHeader(source[offset] & 0xff, source[offset + 1] & 0xff);
    inflater.reset();
    inflater.setInput(source, offset + HEADER_SIZE, length - HEADER_SIZE);
    int written = inflate(target, targetOffset, most, length);
    int rest = inflater.getRemaining();
    if (rest < CHECK_SIZE) {
      throw new MalformedException(length, "truncated");
    }
    int end = offset + length - rest;
    adler32.reset();
    adler32.update(target, targetOffset, written);
    if ((int) adler32.getValue() != bigEndian(source, end)) {
      throw new MalformedException(end - offset, "Adler-32 does not match");
    }
    return written;
  }

  private static void checkHeader(int cmf, int flg) throws MalformedException {
    // CMF: I I I I M M M M, M = 8 (deflate), I = log2 of the window - 8, up to 7
    // FLG: L L D C C C C C, D = a preset dictionary, C such that CMF * 256 + FLG is 31 * n
    if ((cmf & 0xf) != 8 || cmf >>> 4 > 7) {
      throw new MalformedException(0, "CMF " + Hex.of(cmf) + " is not zlib's");
    }
    if ((cmf << 8 | flg) % 31 != 0) {
      throw new MalformedException(1, "FCHECK does not match");
    }
    if ((flg & 0x20) != 0) {
      throw new MalformedException(1, "FDICT is set");
    }
  }

  private int inflate(byte[] target, int targetOffset, int most, int length)
      throws MalformedException {
    try {
      int written = inflater.inflate(target, targetOffset, most);
      // The end may still be unread when the target is just filled.
      if (!inflater.finished() && written == most && inflater.inflate(beyond) > 0) {
        throw new MalformedException(read(), "more than " + most + " bytes");
      }
      if (!inflater.finished()) {
        throw new MalformedException(length, "truncated");
      }
      return written;
    } catch (DataFormatException e) {
      throw new MalformedException(read(), "zlib: " + e.getMessage());
    }
  }

  private int read() {
    return HEADER_SIZE + (int) inflater.getBytesRead();
  }

  private static int bigEndian(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  @Override
  public void close() {
    inflater.end();
  }
}
