package org.vmcore.io;

import java.nio.file.Path;
import org.vmcore.memory.VmcoreException;

/**
 * A file that can be read from its beginning to its end and not at an offset: on a web server that
 * sends whole files alone, in a zip file. Like what comes out of a pipe, it is saved first.
 */
public final class Streamed extends VmcoreException {
  private static final long serialVersionUID = 1L;

  /** The file at {@code path} is one. */
  Streamed(Path path) {
    super(path.toString(), "it can't be read at an offset: save it to a file first");
  }
}
