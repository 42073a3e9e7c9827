package org.vmcore.envelope.packed;

import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.values.Hex;

/**
 * Unpacks gzip files of one or more members (RFC 1952).
 *
 * <p>A member whose checksum or size is wrong is a finding; it is read all the same.
 */
final class GzipUnpacker implements Unpacker {
  /** What the envelope is called. */
  static final String NAME = "gzip";

  /** ID1 and ID2, the first two bytes of each member, as a big-endian number. */
  static final int MAGIC = 0x1f8b;

  private static final int DEFLATE = 8;
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int FIXED_REST = 6;

  /** As many as {@link PackedInput#back} can take back. */
  private static final int PIECE = 1 << 15;

  private final PackedInput in;
  private final List<Finding> findings;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] piece = new byte[PIECE];
  private boolean inMember;
  private boolean ended;
  private boolean wrongTrailer;

  GzipUnpacker(ByteSource file, List<Finding> findings) {
    this.in = new PackedInput(file);
    this.findings = findings;
  }

  @Override
  public int unpack(byte[] dst, int offset, int length) throws VmcoreException {
    while (!ended) {
      if (!inMember && !begin()) {
        break;
      }
      int n = inflate(dst, offset, length);
      if (n > 0) {
        crc.update(dst, offset, n);
        return n;
      }
      if (inflater.finished()) {
        finish();
      }
    }
    return 0;
  }

  @Override
  public long position() {
    return in.position() - inflater.getRemaining();
  }

  @Override
  public void close() {
    inflater.end();
  }

  private void damaged(String reason) {
    findings.add(Unpacker.damage(NAME, position(), reason));
    ended = true;
  }

  /** Passes over a member's header; false at the end of the file, or of its members. */
  private boolean begin() throws VmcoreException {
    long start = in.position();
    // Tapes, and some writers, fill up the last block.
    int first = start == 0 ? in.u8() : in.behindZeros();
    int second = in.u8();
    if (first < 0) {
      ended = true;
    } else if (first == MAGIC >> 8 && second < 0) {
      damaged("it ends in a member's header");
    } else if ((first << 8 | second) != MAGIC) {
      ended = true;
      findings.add(Unpacker.leftOut(NAME, start));
    } else {
      header();
      inMember = !ended;
      crc.reset();
      inflater.reset();
    }
    return inMember;
  }

  private void header() throws VmcoreException {
    int method = in.u8();
    int flags = in.u8();
    if (flags >= 0 && (method != DEFLATE || (flags & RESERVED) != 0)) {
      damaged("method " + method + ", flags " + Hex.of(flags) + ": not known");
      return;
    }
    boolean whole = skip(FIXED_REST);
    if (whole && (flags & FEXTRA) != 0) {
      int low = in.u8();
      whole = skip(low | in.u8() << 8);
    }
    whole = whole && ((flags & FNAME) == 0 || skipText());
    whole = whole && ((flags & FCOMMENT) == 0 || skipText());
    whole = whole && ((flags & FHCRC) == 0 || skip(2));
    if (!whole) {
      damaged("it ends in a member's header");
    }
  }

  /** Passes over {@code n} bytes; false when there are fewer. */
  private boolean skip(int n) throws VmcoreException {
    int last = n < 0 ? -1 : 0;
    for (int i = 0; i < n && last >= 0; i++) {
      last = in.u8();
    }
    return last >= 0;
  }

  private boolean skipText() throws VmcoreException {
    int last = in.u8();
    while (last > 0) {
      last = in.u8();
    }
    return last == 0;
  }

  /** The next bytes of the member; 0 at its end and where it is damaged. */
  private int inflate(byte[] dst, int offset, int length) throws VmcoreException {
    while (true) {
      long before = inflater.getBytesWritten();
      try {
        int n = inflater.inflate(dst, offset, length);
        if (n > 0 || inflater.finished()) {
          return n;
        }
        if (inflater.needsDictionary()) {
          damaged("it needs a dictionary");
          return 0;
        }
      } catch (DataFormatException e) {
        damaged(String.valueOf(e.getMessage()));
        return (int) (inflater.getBytesWritten() - before);
      }
      int n = in.read(piece, 0, PIECE);
      if (n == 0) {
        damaged("it ends too early");
        return 0;
      }
      inflater.setInput(piece, 0, n);
    }
  }

  private void finish() throws VmcoreException {
    in.back(inflater.getRemaining());
    long size = inflater.getBytesWritten();
    inflater.reset(); // nothing of its input remains
    inMember = false;
    long at = in.position();
    long expected = in.u32();
    long expectedSize = in.u32();
    if (expectedSize < 0) {
      damaged("it ends in a member's checksum");
    } else if (!wrongTrailer && (expected != crc.getValue() || expectedSize != (int) size)) {
      wrongTrailer = true;
      findings.add(Unpacker.wrongChecksum(NAME, at));
    }
  }
}
