package org.vmcore.envelope.packed;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.SingleXZInputStream;
import org.vmcore.memory.VmcoreException;

/** One stream of an xz file (xz-file-format.txt), whose dictionary is bounded. */
final class XzStream extends FilterInputStream {
  private final String file;

  private XzStream(String file, InputStream stream) {
    super(stream);
    this.file = file;
  }

  /** The stream at the beginning of {@code packed}, which is in {@code file}. */
  static InputStream open(String file, InputStream packed) throws IOException {
    // A dictionary is allocated because the file says so, up to 4 GiB.
    long most = Runtime.getRuntime().maxMemory() / 2 / 1024;
    return new XzStream(
        file, new SingleXZInputStream(packed, (int) Math.min(most, Integer.MAX_VALUE)));
  }

  @Override
  public int read(byte[] dst, int offset, int length) throws IOException {
    try {
      return super.read(dst, offset, length);
    } catch (MemoryLimitException e) {
      throw VmcoreException.of(
          file,
          "xz: to unpack it takes "
              + (e.getMemoryNeeded() >> 10)
              + " MiB of memory, and half of what there is (-Xmx) may be used",
          e);
    }
  }
}
