package org.vmcore.envelope;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Unpacks zstd files of one or more frames (RFC 8878), skippable ones between them or not. */
final class ZstdUnpacker implements Unpacker {
  /** The largest window there is: {@code zstd --long=31} makes use of it. */
  private static final int WINDOW_LOG = 31;

  private final PackedInput in;
  private final List<Finding> findings;
  private final ZstdInputStreamNoFinalizer stream;
  private boolean ended;

  private ZstdUnpacker(PackedInput in, List<Finding> findings) throws IOException {
    this.in = in;
    this.findings = findings;
    this.stream = new ZstdInputStreamNoFinalizer(new Packed(in)).setLongMax(WINDOW_LOG);
  }

  /**
   * Unpacks {@code file}.
   *
   * @throws VmcoreException when there is no memory to
   */
  static ZstdUnpacker of(ByteSource file, List<Finding> findings) throws VmcoreException {
    try {
      return new ZstdUnpacker(new PackedInput(file), findings);
    } catch (IOException e) {
      throw VmcoreException.of(file.name(), "zstd: " + e.getMessage(), e);
    }
  }

  @Override
  public int unpack(byte[] dst, int offset, int length) throws VmcoreException {
    if (ended) {
      return 0;
    }
    try {
      int n = Math.max(0, stream.read(dst, offset, length));
      ended = n == 0;
      return n;
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      ended = true;
      findings.add(Unpacker.damage(ZstdSource.NAME, position(), String.valueOf(e.getMessage())));
      return 0;
    }
  }

  @Override
  public long position() {
    return in.position();
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      // It gives back memory; there is nothing that could fail.
    }
  }

  /** The file as a stream. */
  private static final class Packed extends InputStream {
    private final PackedInput in;

    Packed(PackedInput in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return in.u8();
    }

    @Override
    public int read(byte[] dst, int offset, int length) throws IOException {
      int n = in.read(dst, offset, length);
      return n == 0 ? -1 : n;
    }
  }
}
