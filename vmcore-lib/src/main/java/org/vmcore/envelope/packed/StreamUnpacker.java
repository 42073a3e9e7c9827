package org.vmcore.envelope.packed;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/**
 * Unpacks a file of one or more members, zeros between them or not, each of which a library's
 * stream unpacks.
 */
final class StreamUnpacker implements Unpacker {
  /** What such a stream has in hand when it fails is gone: so much at most. */
  private static final int PIECE = 1 << 12;

  private final String name;
  private final int first;
  private final Member member;
  private final PackedInput in;
  private final List<Finding> findings;
  private @Nullable InputStream stream;
  private boolean ended;

  /** How a member is unpacked. */
  @FunctionalInterface
  interface Member {
    /** The bytes of the member at the beginning of {@code packed}, of which no more is read. */
    InputStream open(InputStream packed) throws IOException;
  }

  /**
   * Unpacks {@code file}.
   *
   * @param name what the envelope is called
   * @param first the first byte of each member
   */
  StreamUnpacker(String name, int first, Member member, ByteSource file, List<Finding> findings) {
    this.name = name;
    this.first = first;
    this.member = member;
    this.in = new PackedInput(file);
    this.findings = findings;
  }

  @Override
  public int unpack(byte[] dst, int offset, int length) throws VmcoreException {
    int done = 0;
    try {
      while (done < length && !ended) {
        done += read(dst, offset + done, Math.min(length - done, PIECE));
      }
    } catch (VmcoreException e) {
      throw e;
    } catch (EOFException e) {
      damaged("it ends too early");
    } catch (IOException | RuntimeException e) {
      damaged(String.valueOf(e.getMessage()));
    }
    return done;
  }

  /** The next bytes; 0 at the end of a member. */
  private int read(byte[] dst, int offset, int length) throws IOException {
    InputStream open = stream == null ? begin() : stream;
    int n = open == null ? 0 : open.read(dst, offset, length);
    if (n > 0) {
      in.yielded();
      return n;
    }
    stream = null;
    return 0;
  }

  /** The next member; null at the end. */
  private @Nullable InputStream begin() throws IOException {
    long start = in.position();
    int next = start == 0 ? in.u8() : in.behindZeros();
    if (next < 0) {
      ended = true;
      return null;
    }
    in.back(1);
    if (next != first) {
      ended = true;
      findings.add(Unpacker.leftOut(name, start));
      return null;
    }
    stream = member.open(new PackedStream(in));
    return stream;
  }

  private void damaged(String reason) {
    ended = true;
    findings.add(Unpacker.damage(name, position(), reason));
  }

  @Override
  public long position() {
    return in.position();
  }

  @Override
  public void close() {
    stream = null; // it holds no more than memory
  }
}
