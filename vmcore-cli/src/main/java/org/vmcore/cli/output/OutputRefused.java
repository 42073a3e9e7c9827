package org.vmcore.cli.output;

import java.io.IOException;

/**
 * Stdout takes no more bytes. Unchecked, since text is also written from within the library's
 * callbacks.
 */
public final class OutputRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final IOException reason;

  public OutputRefused(IOException reason) {
    super(reason);
    this.reason = reason;
  }

  public IOException reason() {
    return reason;
  }
}
