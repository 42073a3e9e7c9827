package org.vmcore.cli.several;

import java.nio.file.Path;
import java.util.Optional;
import org.vmcore.memory.VmcoreException;

/**
 * One of several files that are opened.
 *
 * @param path where it is
 * @param refusal why it can't be, as far as that is known before
 */
public record DumpFile(Path path, Optional<VmcoreException> refusal) {
  static DumpFile of(Path path) {
    return new DumpFile(path, Optional.empty());
  }

  static DumpFile refused(Path path, String reason) {
    return new DumpFile(path, Optional.of(VmcoreException.of(path.toString(), reason)));
  }

  /** Its name in what is printed. */
  public String name() {
    return path.toString();
  }
}
