package org.vmcore.envelope;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.vmcore.io.ByteSource;
import org.vmcore.memory.Finding;
import org.vmcore.memory.VmcoreException;
import org.vmcore.open.Spill;

/** Opens bytes as a file of which little or nothing is unpacked to another. */
final class FuzzedFile {
  private static final FileSystem FILES = Jimfs.newFileSystem(Configuration.unix());

  private FuzzedFile() {}

  /** Nothing is unpacked. */
  static ByteSource open(byte[] bytes, List<Finding> findings) throws VmcoreException {
    return open(bytes, 0, findings);
  }

  /**
   * @param most the bytes that are unpacked, at most
   */
  static ByteSource open(byte[] bytes, long most, List<Finding> findings) throws VmcoreException {
    Spill spill = new Spill(Optional.empty(), most, new Spill.Listener() {});
    Path file = FILES.getPath("/fuzz" + Thread.currentThread().threadId());
    try {
      return Envelopes.open(ByteSource.open(Files.write(file, bytes)), spill, findings);
    } catch (VmcoreException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
