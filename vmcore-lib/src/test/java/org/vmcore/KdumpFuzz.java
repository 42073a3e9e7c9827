package org.vmcore;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vmcore.testing.Exercise;

/**
 * Opens any bytes as a dump and does with it all that can be done: nothing but a {@link
 * org.vmcore.io.VmcoreException} may come out of the library, which is not passed on.
 */
final class KdumpFuzz {
  private static final OpenOptions OPTIONS = OpenOptions.DEFAULT.withCopyLimit(1 << 20);
  private static final FileSystem MEMORY = Jimfs.newFileSystem(Configuration.unix());

  private KdumpFuzz() {}

  /** Uses {@code input}; what it throws is a bug. */
  static void fuzz(byte[] input) {
    try {
      Path file = Files.write(MEMORY.getPath("dump"), input);
      Exercise.dump(file, OPTIONS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
