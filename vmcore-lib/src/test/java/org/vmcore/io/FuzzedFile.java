package org.vmcore.io;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Opens bytes as a file of which nothing is unpacked to another. */
final class FuzzedFile {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());
  private static final Spill NO_SPILL = new Spill(Optional.empty(), 0, new Spill.Listener() {});

  private FuzzedFile() {}

  static ByteSource open(byte[] bytes, List<Finding> findings) throws VmcoreException {
    Path file = FILES.getPath("/fuzz" + Thread.currentThread().threadId());
    try {
      return Envelopes.open(ByteSource.open(Files.write(file, bytes)), NO_SPILL, findings);
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
