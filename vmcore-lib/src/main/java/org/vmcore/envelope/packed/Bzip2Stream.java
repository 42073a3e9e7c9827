package org.vmcore.envelope.packed;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;

/** One stream of a bzip2 file, of which all comes out that is before its damage. */
final class Bzip2Stream extends FilterInputStream {
  private final BZip2CompressorInputStream stream;
  private @Nullable IOException failure;

  private Bzip2Stream(BZip2CompressorInputStream stream) {
    super(stream);
    this.stream = stream;
  }

  /** The stream at the beginning of {@code packed}. */
  static InputStream open(InputStream packed) throws IOException {
    return new Bzip2Stream(new BZip2CompressorInputStream(packed));
  }

  @Override
  public int read(byte[] dst, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    }
    long before = stream.getBytesRead();
    try {
      return stream.read(dst, offset, length);
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException e) {
      failure = new IOException(e.getMessage(), e);
    }
    int done = (int) (stream.getBytesRead() - before);
    if (done == 0) {
      throw failure;
    }
    return done;
  }
}
