package org.vmcore.envelope.packed;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.IOException;
import java.util.List;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;

/** Unpacks zstd files of one or more frames (RFC 8878), skippable ones between them or not. */
public final class ZstdUnpacker implements Unpacker {
  /** What the envelope is called. */
  public static final String NAME = "zstd";

  /** The largest window there is: {@code zstd --long=31} makes use of it. */
  private static final int WINDOW_LOG = 31;

  private final PackedInput in;
  private final ZstdPieces pieces;
  private final List<Finding> findings;
  private final ZstdInputStreamNoFinalizer stream;
  private boolean ended;

  private ZstdUnpacker(PackedInput in, List<Finding> findings) throws IOException {
    this.in = in;
    this.findings = findings;
    this.pieces = new ZstdPieces(in);
    this.stream = new ZstdInputStreamNoFinalizer(pieces).setLongMax(WINDOW_LOG);
  }

  /**
   * Unpacks {@code file}.
   *
   * @throws VmcoreException when there is no memory to
   */
  static ZstdUnpacker of(ByteSource file, List<Finding> findings) throws VmcoreException {
    return of(file, new PackedInput(file), findings);
  }

  /**
   * Unpacks the {@code size} bytes of {@code file} from {@code start} on.
   *
   * @throws VmcoreException when there is no memory to
   */
  public static ZstdUnpacker of(ByteSource file, long start, long size, List<Finding> findings)
      throws VmcoreException {
    return of(file, new PackedInput(file, start, start + size), findings);
  }

  private static ZstdUnpacker of(ByteSource file, PackedInput in, List<Finding> findings)
      throws VmcoreException {
    try {
      return new ZstdUnpacker(in, findings);
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
      pieces.yielded();
      ended = n == 0;
      return n;
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      ended = true;
      findings.add(Unpacker.damage(NAME, position(), String.valueOf(e.getMessage())));
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
}
