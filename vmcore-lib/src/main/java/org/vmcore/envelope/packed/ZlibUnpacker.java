package org.vmcore.envelope.packed;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * Unpacks a file that is a zlib stream (RFC 1950), or several: what LiME writes with {@code
 * compress=1} is one, with a window of 2 KiB.
 */
final class ZlibUnpacker implements Unpacker {
  /** What the envelope is called. */
  static final String NAME = "zlib";

  private static final int PIECE = 1 << 15;

  /** How much of a file must be such a stream: two bytes of header are soon found in any memory. */
  private static final int PROBE = 1 << 12;

  private final PackedInput in;
  private final List<Finding> findings;
  private final Inflater inflater = new Inflater();
  private final byte[] piece = new byte[PIECE];
  private boolean ended;

  ZlibUnpacker(ByteSource file, List<Finding> findings) {
    this.in = new PackedInput(file);
    this.findings = findings;
  }

  /** Whether {@code first} and {@code second} are a zlib header without a dictionary. */
  static boolean isHeader(int first, int second) {
    return (first & 0x8f) == 8 && (first << 8 | second) % 31 == 0 && (second & 0x20) == 0;
  }

  /** Whether {@code file}, which begins with a header, goes on as a zlib stream. */
  static boolean isZlib(ByteSource file) throws VmcoreException {
    byte[] start = new byte[PROBE];
    int got = (int) file.readPresent(0, MemorySegment.ofArray(start));
    byte[] dst = new byte[PROBE];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(start, 0, got);
      long n = 0;
      do {
        n = inflater.inflate(dst);
      } while (n > 0);
      return inflater.getBytesWritten() > 0 && (inflater.finished() || inflater.needsInput());
    } catch (DataFormatException e) {
      return false;
    } finally {
      inflater.end();
    }
  }

  @Override
  public int unpack(byte[] dst, int offset, int length) throws VmcoreException {
    while (!ended) {
      int n = inflate(dst, offset, length);
      if (n > 0) {
        return n;
      }
      if (inflater.finished()) {
        next();
      }
    }
    return 0;
  }

  /** The next bytes of the stream; 0 at its end and where it is damaged. */
  private int inflate(byte[] dst, int offset, int length) throws VmcoreException {
    while (true) {
      long before = inflater.getBytesWritten();
      try {
        int n = inflater.inflate(dst, offset, length);
        if (n > 0 || inflater.finished()) {
          return n;
        }
      } catch (DataFormatException e) {
        damaged(String.valueOf(e.getMessage()));
        return (int) (inflater.getBytesWritten() - before);
      }
      int n = inflater.needsDictionary() ? 0 : in.read(piece, 0, PIECE);
      if (n == 0) {
        damaged(inflater.needsDictionary() ? "it needs a dictionary" : "it ends too early");
        return 0;
      }
      inflater.setInput(piece, 0, n);
    }
  }

  private void damaged(String reason) {
    ended = true;
    findings.add(Unpacker.damage(NAME, position(), reason));
  }

  /** Goes on to the stream behind the one that has ended, if there is one. */
  private void next() throws VmcoreException {
    in.back(inflater.getRemaining());
    inflater.reset();
    long start = in.position();
    int first = in.u8();
    int second = first < 0 ? -1 : in.u8();
    if (second >= 0 && isHeader(first, second)) {
      in.back(2);
      return;
    }
    ended = true;
    if (first >= 0) {
      findings.add(Unpacker.leftOut(NAME, start));
    }
  }

  @Override
  public long position() {
    return in.position() - inflater.getRemaining();
  }

  @Override
  public void close() {
    inflater.end();
  }
}
